namespace Reliability.Tests.RabbitMQ;

public sealed class AckBeforeProcessingTests
{
    [Theory]
    [InlineData("""await channel.{|REL1002:BasicAckAsync|}(ea.DeliveryTag, false); var order = Order.Parse(ea.Body.ToArray()); _store.Save(order);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); await channel.{|REL1002:BasicAckAsync|}(ea.DeliveryTag, false); await _store.SaveAsync(order);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); await channel.{|REL1002:BasicAckAsync|}(ea.DeliveryTag, false); try { _store.Save(order); } catch (Exception e) { _logger.LogError("x", e); }""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); if (order.IsValid) await channel.{|REL1002:BasicAckAsync|}(ea.DeliveryTag, false); _store.Save(order);""")]
    [InlineData("""await channel.{|REL1002:BasicAckAsync|}(ea.DeliveryTag, false); await channel.BasicPublishAsync("x", "k", body: ea.Body);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); var tag = ea.DeliveryTag; await channel.{|REL1002:BasicAckAsync|}(tag, false); _store.Save(order);""")]
    [InlineData("""await channel.{|REL1002:BasicAckAsync|}(ea.DeliveryTag, false); Handle(ea.Body); void Handle(ReadOnlyMemory<byte> body) { }""")]
    [InlineData("""var text = Encoding.UTF8.GetString(ea.Body.ToArray()); await channel.{|REL1002:BasicAckAsync|}(ea.DeliveryTag, false); Task.Run(() => _store.SaveFailed(Encoding.UTF8.GetBytes(text)));""")]
    public Task Version_6_reports(string statements, string before = "", string declared = "") => Handler.SaysAsync<AckBeforeProcessing>(Client.RabbitMq6, statements, before, declared);

    [Theory]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); _logger.LogInformation("done {Id}", order.Id);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); if (!order.IsValid) { await channel.BasicAckAsync(ea.DeliveryTag, false); return; } _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); Console.WriteLine(order.Id);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); _store.Ping();""")]
    [InlineData("""await channel.BasicAckAsync(ea.DeliveryTag, false); Console.WriteLine(Encoding.UTF8.GetString(ea.Body.ToArray()));""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); try { _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { _store.SaveFailed(ea.Body.ToArray()); throw; }""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); if (_store.TrySave(order)) await channel.BasicAckAsync(ea.DeliveryTag, false); else await channel.BasicNackAsync(ea.DeliveryTag, false, true);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); _telemetry.Stop(order);""", "", "private readonly ShopTelemetry _telemetry = new(); class ShopTelemetry { public void Stop(object what) { } }")]
    public Task Version_6_is_silent(string statements, string before = "", string declared = "") => Handler.SaysAsync<AckBeforeProcessing>(Client.RabbitMq6, statements, before, declared);

    [Theory]
    [InlineData("""await channel.{|REL1002:BasicAckAsync|}(ea.DeliveryTag, false); var order = Order.Parse(ea.Body.ToArray()); _store.Save(order);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); await channel.{|REL1002:BasicAckAsync|}(ea.DeliveryTag, false); await _store.SaveAsync(order);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); await channel.{|REL1002:BasicAckAsync|}(ea.DeliveryTag, false); try { _store.Save(order); } catch (Exception e) { _logger.LogError("x", e); }""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); if (order.IsValid) await channel.{|REL1002:BasicAckAsync|}(ea.DeliveryTag, false); _store.Save(order);""")]
    [InlineData("""await channel.{|REL1002:BasicAckAsync|}(ea.DeliveryTag, false); await channel.BasicPublishAsync("x", "k", body: ea.Body);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); var tag = ea.DeliveryTag; await channel.{|REL1002:BasicAckAsync|}(tag, false); _store.Save(order);""")]
    [InlineData("""await channel.{|REL1002:BasicAckAsync|}(ea.DeliveryTag, false); Handle(ea.Body); void Handle(ReadOnlyMemory<byte> body) { }""")]
    [InlineData("""var text = Encoding.UTF8.GetString(ea.Body.ToArray()); await channel.{|REL1002:BasicAckAsync|}(ea.DeliveryTag, false); Task.Run(() => _store.SaveFailed(Encoding.UTF8.GetBytes(text)));""")]
    public Task Version_7_reports(string statements, string before = "", string declared = "") => Handler.SaysAsync<AckBeforeProcessing>(Client.RabbitMq7, statements, before, declared);

    [Theory]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); _logger.LogInformation("done {Id}", order.Id);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); if (!order.IsValid) { await channel.BasicAckAsync(ea.DeliveryTag, false); return; } _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); Console.WriteLine(order.Id);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); _store.Ping();""")]
    [InlineData("""await channel.BasicAckAsync(ea.DeliveryTag, false); Console.WriteLine(Encoding.UTF8.GetString(ea.Body.ToArray()));""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); try { _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { _store.SaveFailed(ea.Body.ToArray()); throw; }""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); if (_store.TrySave(order)) await channel.BasicAckAsync(ea.DeliveryTag, false); else await channel.BasicNackAsync(ea.DeliveryTag, false, true);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); _telemetry.Stop(order);""", "", "private readonly ShopTelemetry _telemetry = new(); class ShopTelemetry { public void Stop(object what) { } }")]
    public Task Version_7_is_silent(string statements, string before = "", string declared = "") => Handler.SaysAsync<AckBeforeProcessing>(Client.RabbitMq7, statements, before, declared);

    [Fact]
    public Task Waiting_for_the_ack_itself_is_no_work() => Handler.SaysAsync<AckBeforeProcessing>(
        Client.RabbitMq7, "_store.SaveFailed(ea.Body.ToArray()); await channel.BasicAckAsync(ea.DeliveryTag, false).ConfigureAwait(false);");

    [Theory]
    [InlineData(Client.RabbitMq6)]
    [InlineData(Client.RabbitMq7)]
    public Task Fetched_messages_and_overridden_consumers_are_handlers_too(Client client) => Verify.FileAsync<AckBeforeProcessing>(client, client == Client.RabbitMq6
        ? """
        class Poller
        {
            void Once(IModel channel)
            {
                var result = channel.BasicGet("q", false);
                channel.{|REL1002:BasicAck|}(result.DeliveryTag, false);
                Handle(result.Body);
            }
            void All(IModel channel)
            {
                while (true)
                {
                    var result = channel.BasicGet("q", false);
                    if (result == null) break;
                    Handle(result.Body);
                    channel.BasicAck(result.DeliveryTag, false);
                }
            }
            static void Handle(ReadOnlyMemory<byte> body) { }
        }
        class Consumer : DefaultBasicConsumer
        {
            public override void HandleBasicDeliver(string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IBasicProperties properties, ReadOnlyMemory<byte> body)
            {
                Model.{|REL1002:BasicAck|}(deliveryTag, false);
                Handle(body);
            }
            static void Handle(ReadOnlyMemory<byte> body) { }
        }
        """
        : """
        class Poller
        {
            async Task OnceAsync(IChannel channel)
            {
                var result = await channel.BasicGetAsync("q", false);
                await channel.{|REL1002:BasicAckAsync|}(result!.DeliveryTag, false);
                await HandleAsync(result.Body);
            }
            async Task AllAsync(IChannel channel)
            {
                while (true)
                {
                    var result = await channel.BasicGetAsync("q", false);
                    if (result == null) break;
                    await HandleAsync(result.Body);
                    await channel.BasicAckAsync(result.DeliveryTag, false);
                }
            }
            static Task HandleAsync(ReadOnlyMemory<byte> body) => Task.CompletedTask;
        }
        class Consumer(IChannel channel) : AsyncDefaultBasicConsumer(channel)
        {
            public override async Task HandleBasicDeliverAsync(string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
            {
                await Channel.{|REL1002:BasicAckAsync|}(deliveryTag, false);
                await HandleAsync(body);
            }
            static Task HandleAsync(ReadOnlyMemory<byte> body) => Task.CompletedTask;
        }
        """);
}
