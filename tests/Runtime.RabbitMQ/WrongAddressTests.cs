using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>An address that is wrong is named without its password, and tried again until it is right.</summary>
public sealed class WrongAddressTests(OwnBroker own) : BrokerTest, IClassFixture<OwnBroker>
{
    private const string Planted = "planted-s3cret#pass";

    private RabbitMqServer Server => own.Server;

    private string Broker => $"127.0.0.1:{Server.Uri.Port}";

    [Fact]
    public Task A_wrong_password_names_user_and_broker() => FailsAsync(
        $"amqp://guest:{Uri.EscapeDataString(Planted)}@{Broker}/", $"{Broker}/ refused the login of user 'guest'", "Check user and password");

    [Fact]
    public Task An_unknown_user_is_named() => FailsAsync(
        $"amqp://nobody:{Uri.EscapeDataString(Planted)}@{Broker}/", "refused the login of user 'nobody'", "RabbitMqOptions.Uri");

    [Fact]
    public async Task A_virtual_host_that_does_not_exist_is_named()
    {
        await Server.AddUserAsync("planted", Planted, "/", Cancellation);
        await FailsAsync($"amqp://planted:{Uri.EscapeDataString(Planted)}@{Broker}/missing", "virtual host 'missing'", "add_vhost");
    }

    [Fact]
    public Task A_port_where_nothing_listens_is_named() => FailsAsync(
        $"amqp://guest:{Uri.EscapeDataString(Planted)}@127.0.0.1:1/", "nothing listens at 127.0.0.1:1/", "connection refused");

    [Fact]
    public Task A_host_that_does_not_exist_is_named() => FailsAsync(
        $"amqp://guest:{Uri.EscapeDataString(Planted)}@no-such-host.invalid/", "no-such-host.invalid:5672/", "RabbitMqOptions.Uri");

    [Fact]
    public Task TLS_to_a_port_that_does_not_speak_it_is_named() => FailsAsync(
        $"amqps://guest:{Uri.EscapeDataString(Planted)}@{Broker}/", Broker, "TLS");

    [Fact]
    public async Task A_password_that_is_mended_at_the_broker_needs_no_restart()
    {
        await Server.AddUserAsync("mended", "old", "/", Cancellation);
        var queue = NewQueue();
        var transport = await StartAsync([queue], configure: options => options.Uri = $"amqp://mended:{Uri.EscapeDataString(Planted)}@{Broker}/");
        await using var subscription = await SubscribeAsync(transport, queue);
        await LoggedAsync("refused the login of user 'mended'");

        await Server.ControlAsync(["change_password", "mended", Planted], Cancellation);

        await PublishAsync(transport, queue, "in");
        await ReceiveAllAsync(subscription, ["in"]);
        AssertNoSecret(null);
    }

    [Fact]
    public async Task A_user_who_may_not_declare_is_told_so_and_goes_on_once_permitted()
    {
        var uri = await Server.AddUserAsync("limited", Planted, "/", Cancellation);
        await Server.ControlAsync(["set_permissions", "-p", "/", "limited", "^$", ".*", ".*"], Cancellation);
        var queue = NewQueue();
        var transport = await StartAsync([queue], configure: options => options.Uri = uri.OriginalString);
        await using var subscription = await SubscribeAsync(transport, queue);

        await LoggedAsync($"nothing is received from queue '{queue}'", "ACCESS_REFUSED", "set_permissions", "Topology = Verify");

        await Server.ControlAsync(["set_permissions", "-p", "/", "limited", ".*", ".*", ".*"], Cancellation);
        await PublishAsync(transport, queue, "in");
        await ReceiveAllAsync(subscription, ["in"]);
    }

    [Fact]
    public async Task A_user_who_may_not_write_fails_by_name()
    {
        var uri = await Server.AddUserAsync("reader", Planted, "/", Cancellation);
        var queue = NewQueue();
        var transport = await StartAsync([queue], configure: options => options.Uri = uri.OriginalString);
        await PublishAsync(transport, queue, "before");
        await Server.ControlAsync(["set_permissions", "-p", "/", "reader", ".*", "^$", ".*"], Cancellation);
        await Server.ControlAsync(["close_all_connections", "permissions changed"], Cancellation);

        PublishOutcome outcome;
        do
            outcome = await TryPublishAsync(transport, queue, "forbidden");
        while (outcome.Status == PublishStatus.Unavailable);

        Assert.Equal(PublishStatus.Failed, outcome.Status);
        Assert.Contains("ACCESS_REFUSED", outcome.Reason);
        Assert.Contains(queue, outcome.Reason);
        AssertNoSecret(outcome.Reason);
    }

    [Fact]
    public async Task A_user_who_may_not_read_is_told_so_and_goes_on_once_permitted()
    {
        var uri = await Server.AddUserAsync("writer", Planted, "/", Cancellation);
        await Server.ControlAsync(["set_permissions", "-p", "/", "writer", ".*", ".*", "^$"], Cancellation);
        var queue = NewQueue();
        await using var raw = await RawAsync();
        await raw.Channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
        var transport = await StartAsync([queue], configure: options =>
        {
            options.Uri = uri.OriginalString;
            options.Topology = RabbitMqTopology.Verify;
        });
        await using var subscription = await SubscribeAsync(transport, queue);
        await PublishAsync(transport, queue, "kept");

        var line = await LoggedAsync($"nothing is received from queue '{queue}'", "ACCESS_REFUSED", "set_permissions");
        Assert.DoesNotContain("login", line);

        await Server.ControlAsync(["set_permissions", "-p", "/", "writer", ".*", ".*", ".*"], Cancellation);
        await ReceiveAllAsync(subscription, ["kept"]);
    }

    [Fact]
    public async Task A_user_who_may_not_declare_works_where_everything_is_only_verified()
    {
        var uri = await Server.AddUserAsync("undeclaring", Planted, "/", Cancellation);
        await Server.ControlAsync(["set_permissions", "-p", "/", "undeclaring", "^$", ".*", ".*"], Cancellation);
        var queue = NewQueue();
        await using var raw = await RawAsync();
        await raw.Channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
        var transport = await StartAsync([queue], configure: options =>
        {
            options.Uri = uri.OriginalString;
            options.Topology = RabbitMqTopology.Verify;
        });
        await using var subscription = await SubscribeAsync(transport, queue);

        await PublishAsync(transport, queue, "in");

        await ReceiveAllAsync(subscription, ["in"]);
        Assert.DoesNotContain(Log.All, line => line.Contains("ACCESS_REFUSED"));
    }

    protected override Task<Uri> BrokerAsync() => Task.FromResult(Server.Uri);

    private async Task FailsAsync(string uri, params string[] said)
    {
        var transport = await StartAsync(["any"], configure: options => options.Uri = uri);
        await using var subscription = await SubscribeAsync(transport, "any");

        var outcome = await TryPublishAsync(transport, "any", "m");

        Assert.Equal(PublishStatus.Unavailable, outcome.Status);
        Assert.All(said, text => Assert.Contains(text, outcome.Reason));
        await LoggedAsync(["publisher is not connected", .. said]);
        await LoggedAsync(["receiver is not connected", .. said]);
        AssertNoSecret(outcome.Reason);
    }

    private void AssertNoSecret(string? reason)
    {
        foreach (var text in Log.All.Append(reason ?? ""))
        {
            Assert.DoesNotContain(Planted, text);
            Assert.DoesNotContain(Uri.EscapeDataString(Planted), text);
        }
    }
}
