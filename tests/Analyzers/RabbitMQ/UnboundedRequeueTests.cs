namespace Reliability.Tests.RabbitMQ;

public sealed class UnboundedRequeueTests
{
    [Theory]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch (Exception e) { _logger.LogError("x", e); await channel.BasicNackAsync(ea.DeliveryTag, false, {|REL1005:true|}); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { await channel.BasicRejectAsync(ea.DeliveryTag, {|REL1005:true|}); }""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); if (_store.TrySave(order)) { await channel.BasicAckAsync(ea.DeliveryTag, false); } else { await channel.BasicNackAsync(ea.DeliveryTag, false, {|REL1005:true|}); }""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); if (!_store.TrySave(order)) await channel.BasicNackAsync(ea.DeliveryTag, false, requeue: {|REL1005:true|}); else await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch (InvalidOperationException) { await channel.BasicNackAsync(ea.DeliveryTag, false, false); } catch (Exception) { await channel.BasicNackAsync(ea.DeliveryTag, false, {|REL1005:true|}); }""")]
    public Task Version_6_reports(string statements, string before = "", string declared = "") => Handler.SaysAsync<UnboundedRequeue>(Client.RabbitMq6, statements, before, declared);

    [Theory]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { await channel.BasicNackAsync(ea.DeliveryTag, false, false); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { await channel.BasicNackAsync(ea.DeliveryTag, false, !ea.Redelivered); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { if (ea.Redelivered) await channel.BasicNackAsync(ea.DeliveryTag, false, false); else await channel.BasicNackAsync(ea.DeliveryTag, false, true); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch (OperationCanceledException) { await channel.BasicNackAsync(ea.DeliveryTag, false, true); }""")]
    [InlineData("""if (stopping) { await channel.BasicNackAsync(ea.DeliveryTag, false, true); return; } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""var retries = 3; try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { if (retries > 3) await channel.BasicNackAsync(ea.DeliveryTag, false, false); else await channel.BasicNackAsync(ea.DeliveryTag, false, true); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { await channel.BasicRejectAsync(ea.DeliveryTag, true); }""", """await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 5 });""")]
    public Task Version_6_is_silent(string statements, string before = "", string declared = "") => Handler.SaysAsync<UnboundedRequeue>(Client.RabbitMq6, statements, before, declared);

    [Theory]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch (Exception e) { _logger.LogError("x", e); await channel.BasicNackAsync(ea.DeliveryTag, false, {|REL1005:true|}); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { await channel.BasicRejectAsync(ea.DeliveryTag, {|REL1005:true|}); }""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); if (_store.TrySave(order)) { await channel.BasicAckAsync(ea.DeliveryTag, false); } else { await channel.BasicNackAsync(ea.DeliveryTag, false, {|REL1005:true|}); }""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); if (!_store.TrySave(order)) await channel.BasicNackAsync(ea.DeliveryTag, false, requeue: {|REL1005:true|}); else await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch (InvalidOperationException) { await channel.BasicNackAsync(ea.DeliveryTag, false, false); } catch (Exception) { await channel.BasicNackAsync(ea.DeliveryTag, false, {|REL1005:true|}); }""")]
    public Task Version_7_reports(string statements, string before = "", string declared = "") => Handler.SaysAsync<UnboundedRequeue>(Client.RabbitMq7, statements, before, declared);

    [Theory]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { await channel.BasicNackAsync(ea.DeliveryTag, false, false); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { await channel.BasicNackAsync(ea.DeliveryTag, false, !ea.Redelivered); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { if (ea.Redelivered) await channel.BasicNackAsync(ea.DeliveryTag, false, false); else await channel.BasicNackAsync(ea.DeliveryTag, false, true); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch (OperationCanceledException) { await channel.BasicNackAsync(ea.DeliveryTag, false, true); }""")]
    [InlineData("""if (stopping) { await channel.BasicNackAsync(ea.DeliveryTag, false, true); return; } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""var retries = 3; try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { if (retries > 3) await channel.BasicNackAsync(ea.DeliveryTag, false, false); else await channel.BasicNackAsync(ea.DeliveryTag, false, true); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { await channel.BasicRejectAsync(ea.DeliveryTag, true); }""", """await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 5 });""")]
    public Task Version_7_is_silent(string statements, string before = "", string declared = "") => Handler.SaysAsync<UnboundedRequeue>(Client.RabbitMq7, statements, before, declared);
}
