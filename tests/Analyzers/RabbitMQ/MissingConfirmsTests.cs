namespace Reliability.Tests.RabbitMQ;

public sealed class MissingConfirmsTests
{
    [Theory]
    [InlineData("""var own = connection.CreateModel(); own.{|REL1202:BasicPublish|}("x", "k", null, body);""")]
    [InlineData("""using var own = connection.CreateModel(); own.{|REL1202:BasicPublish|}("x", "k", null, body);""")]
    [InlineData("""using (var own = connection.CreateModel()) { own.QueueDeclare("q", true, false, false, null); own.{|REL1202:BasicPublish|}("", "q", null, body); }""")]
    [InlineData("""connection.CreateModel().{|REL1202:BasicPublish|}("x", "k", null, body);""")]
    [InlineData("""var own = connection.CreateModel(); var batch = own.CreateBasicPublishBatch(); batch.{|REL1202:Add|}("x", "k", false, null, new ReadOnlyMemory<byte>(body)); batch.Publish();""")]
    [InlineData("""var own = connection.CreateModel(); var c = new EventingBasicConsumer(own); c.Received += (s, e) => own.{|REL1202:BasicPublish|}("x", "k", null, e.Body);""")]
    [InlineData("""var own = connection.CreateModel(); Send(own); void Send(IModel to) => to.{|REL1202:BasicPublish|}("x", "k", null, body);""")]
    [InlineData("""var own = connection.CreateModel(); var p = own?.CreateBasicProperties(); own?.{|REL1202:BasicPublish|}("x", "k", p, body);""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<MissingConfirms>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""channel.BasicPublish("x", "k", null, body);""")]
    [InlineData("""var own = connection.CreateModel(); own.ConfirmSelect(); Send(own); void Send(IModel to) => to.BasicPublish("x", "k", null, body);""")]
    [InlineData("""var own = connection.CreateModel(); own.ConfirmSelect(); Helper.Send(own, body); } static class Helper { public static void Send(IModel to, byte[] body) => to.BasicPublish("x", "k", null, body);""")]
    [InlineData("""var own = connection.CreateModel(); own.ConfirmSelect(); other = own; Send(other); } IModel other; void Send(IModel to) { to.BasicPublish("x", "k", null, null);""")]
    [InlineData("""var own = connection.CreateModel(); own.ConfirmSelect(); own.BasicPublish("x", "k", null, body);""")]
    [InlineData("""var own = connection.CreateModel(); own?.ConfirmSelect(); own.BasicPublish("x", "k", null, body);""")]
    [InlineData("""var own = connection.CreateModel(); if (flag) own.ConfirmSelect(); own.BasicPublish("x", "k", null, body);""")]
    [InlineData("""var own = connection.CreateModel(); var other = own; other.ConfirmSelect(); own.BasicPublish("x", "k", null, body);""")]
    [InlineData("""var own = connection.CreateModel(); own.TxSelect(); own.BasicPublish("x", "k", null, body); own.TxCommit();""")]
    [InlineData("""var own = connection.CreateModel(); Prepare(own); own.BasicPublish("x", "k", null, body); static void Prepare(IModel model) => model.ConfirmSelect();""")]
    [InlineData("""var own = connection.CreateModel(); Prepared.ByOthers(own); own.BasicPublish("x", "k", null, body); } static class Prepared { public static Action<IModel> ByOthers;""")]
    [InlineData("""var own = flag ? connection.CreateModel() : channel; own.BasicPublish("x", "k", null, body);""")]
    [InlineData("""var all = new List<IModel>(); var own = connection.CreateModel(); all.Add(own); all[0].ConfirmSelect(); own.BasicPublish("x", "k", null, body);""")]
    [InlineData("""var own = connection.CreateModel(); own.ConfirmSelect(); var batch = own.CreateBasicPublishBatch(); batch.Add("x", "k", false, null, new ReadOnlyMemory<byte>(body));""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<MissingConfirms>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""var own = await connection.CreateChannelAsync(); await own.{|REL1202:BasicPublishAsync|}("x", "k", body);""")]
    [InlineData("""await using var own = await connection.CreateChannelAsync(); await own.{|REL1202:BasicPublishAsync|}("x", "k", true, new BasicProperties(), body);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(null).ConfigureAwait(false); await own.{|REL1202:BasicPublishAsync|}("x", "k", body);""")]
    [InlineData("""using var own = (await connection?.CreateChannelAsync()) ?? throw new InvalidOperationException(); await own.{|REL1202:BasicPublishAsync|}("x", "k", body);""")]
    [InlineData("""var own = connection.CreateChannelAsync().Result; await own.{|REL1202:BasicPublishAsync|}("x", "k", body);""")]
    [InlineData("""var own = connection.CreateChannelAsync().GetAwaiter().GetResult(); await own.{|REL1202:BasicPublishAsync|}("x", "k", body);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(new CreateChannelOptions(false, false)); await own.{|REL1202:BasicPublishAsync|}("x", "k", body);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(new(publisherConfirmationTrackingEnabled: true, publisherConfirmationsEnabled: false)); await own.{|REL1202:BasicPublishAsync|}("x", "k", body);""")]
    [InlineData("""CreateChannelOptions options = new(false, true); var own = await connection.CreateChannelAsync(options); await own.{|REL1202:BasicPublishAsync|}("x", "k", body);""")]
    [InlineData("""var own = flag ? await connection.CreateChannelAsync() : await connection.CreateChannelAsync(new CreateChannelOptions(true, true)); await own.{|REL1202:BasicPublishAsync|}("x", "k", body);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(flag ? new CreateChannelOptions(true, true) : null); await own.{|REL1202:BasicPublishAsync|}("x", "k", body);""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<MissingConfirms>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await channel.BasicPublishAsync("x", "k", body);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(new CreateChannelOptions(true, true)); await own.BasicPublishAsync("x", "k", body);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationTrackingEnabled: false, publisherConfirmationsEnabled: true)); await own.BasicPublishAsync("x", "k", body);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(new CreateChannelOptions(flag, true)); await own.BasicPublishAsync("x", "k", body);""")]
    [InlineData("""CreateChannelOptions? options = flag ? null : Given.Options; var own = await connection.CreateChannelAsync(options); await own.BasicPublishAsync("x", "k", body); } static class Given { public static CreateChannelOptions? Options;""")]
    [InlineData("""var own = flag ? await connection.CreateChannelAsync() : await connection.CreateChannelAsync(Given.Options); await own.BasicPublishAsync("x", "k", body); } static class Given { public static CreateChannelOptions? Options;""")]
    [InlineData("""var own = await connection.CreateChannelAsync(); await own.TxSelectAsync(); await own.BasicPublishAsync("x", "k", body); await own.TxCommitAsync();""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<MissingConfirms>(Client.RabbitMq7, statement);

    [Fact]
    public Task A_channel_in_a_field_is_known_by_all_of_its_class() => Verify.FileAsync<MissingConfirms>(Client.RabbitMq6, """
        class Confirmed
        {
            private readonly IModel _channel;
            public Confirmed(IConnection connection) => _channel = connection.CreateModel();
            public void Start() => _channel.ConfirmSelect();
            public void Publish(byte[] body) => _channel.BasicPublish("x", "k", null, body);
        }
        class Unconfirmed
        {
            private readonly IModel _channel;
            public Unconfirmed(IConnectionFactory factory)
            {
                var connection = factory.CreateConnection();
                _channel = connection.CreateModel();
                _channel.ExchangeDeclare("x", "fanout", true);
            }
            public void Publish(byte[] body) => _channel.{|REL1202:BasicPublish|}("x", "k", null, body);
        }
        class Injected(IModel channel)
        {
            private readonly IModel _channel = channel;
            public void Publish(byte[] body) => _channel.BasicPublish("x", "k", null, body);
        }
        class Exposed
        {
            public IModel Channel { get; }
            public Exposed(IConnection connection) => Channel = connection.CreateModel();
            public void Publish(byte[] body) => Channel.{|REL1202:BasicPublish|}("x", "k", null, body);
        }
        """);

    [Fact]
    public Task A_channel_made_when_first_needed_is_followed() => Verify.FileAsync<MissingConfirms>(Client.RabbitMq7, """
        class Publisher(IConnectionFactory factory) : IAsyncDisposable
        {
            private IConnection? _connection;
            private IChannel? _channel;

            private async Task InitializeAsync()
            {
                _connection = await factory.CreateConnectionAsync();
                _channel = await _connection.CreateChannelAsync();
            }

            private async Task<IChannel> ChannelAsync()
            {
                if (_channel is null || !_channel.IsOpen)
                    await InitializeAsync();
                return _channel!;
            }

            public async Task PublishAsync(byte[] body)
            {
                var channel = await ChannelAsync();
                await channel.{|REL1202:BasicPublishAsync|}("x", "k", body);
                await _channel!.{|REL1202:BasicPublishAsync|}("x", "k", body);
            }

            public async ValueTask DisposeAsync()
            {
                if (_channel is not null)
                    await _channel.DisposeAsync();
            }
        }
        class Confirmed(IConnection connection)
        {
            private static readonly CreateChannelOptions Options = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
            private IChannel? _channel;
            public async Task PublishAsync(byte[] body)
            {
                _channel ??= await connection.CreateChannelAsync(Options);
                await _channel.BasicPublishAsync("x", "k", body);
            }
        }
        """);

    [Fact]
    public Task A_channel_is_followed_into_helpers_that_only_this_project_can_call() => Verify.FilesAsync<MissingConfirms>(Client.RabbitMq6, [
        """
        static class QueueProducer { public static void Publish(IModel channel, byte[] body) => channel.{|REL1202:BasicPublish|}("", "q", null, body); }
        public static class Open { public static void Publish(IModel channel, byte[] body) => channel.BasicPublish("", "q", null, body); }
        static class Extensions { internal static void Send(this IModel channel, byte[] body) => channel.{|REL1202:BasicPublish|}("", "q", null, body); }
        static class Unused { public static void Publish(IModel channel, byte[] body) => channel.BasicPublish("", "q", null, body); }
        """,
        """
        class Shop
        {
            void Run(IConnection connection, byte[] body)
            {
                using var channel = connection.CreateModel();
                QueueProducer.Publish(channel, body);
                Open.Publish(channel, body);
                channel.Send(body);
            }
        }
        """]);

    [Fact]
    public Task Top_level_programs_are_bodies_too() => Verify.ProgramAsync<MissingConfirms>(Client.RabbitMq7, """
        var factory = new ConnectionFactory { HostName = "localhost" };
        using var connection = await factory.CreateConnectionAsync();
        using var channel = await connection.CreateChannelAsync();
        await channel.{|REL1202:BasicPublishAsync|}(exchange: string.Empty, routingKey: "hello", body: Encoding.UTF8.GetBytes("Hello"));
        """);
}
