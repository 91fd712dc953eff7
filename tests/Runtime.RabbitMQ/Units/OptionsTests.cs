using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Reliability.Tests;

public sealed class OptionsTests
{
    private const string Good = "amqp://user:planted-s3cret@broker:5673/shop";

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("   ", "is empty")]
    [InlineData("broker:5672", "is not an AMQP address")]
    [InlineData("http://user:planted-s3cret@broker/", "is not an AMQP address")]
    [InlineData("amqp://user:planted-s3cret/x@broker/", "is not an AMQP address")]
    [InlineData("amqp://user:planted-s3cret@broker/a/b", "several segments")]
    [InlineData("amqp://user:planted-s3cret@broker/?heartbeat=10", "ConfigureFactory")]
    public void A_wrong_address_is_explained_without_its_value(string uri, string said)
    {
        var failure = Assert.Single(Failures(options => options.Uri = uri));

        Assert.Contains("RabbitMqOptions.Uri", failure);
        Assert.Contains(said, failure);
        Assert.DoesNotContain("planted-s3cret", failure);
    }

    [Fact]
    public void Every_wrong_option_is_named_with_its_value_and_what_is_allowed()
    {
        var failures = Failures(options =>
        {
            options.Topology = (RabbitMqTopology)7;
            options.QueueType = (RabbitMqQueueType)8;
            options.ExchangeType = "round";
            options.ConfirmTimeout = TimeSpan.Zero;
            options.ConnectTimeout = TimeSpan.Zero;
            options.Hosts.Add("a/b");
            options.Hosts.Add("amqp://user:planted-s3cret@other");
            options.Tls.AuthorityFile = "/no/such.pem";
            options.MaxBodyBytes = 0;
            options.FirstReconnectPause = TimeSpan.Zero;
            options.LongestReconnectPause = TimeSpan.FromDays(1);
            options.Bindings.Add(new RabbitMqBinding("", "x", ""));
        });

        Assert.Equal(
            [
                "RabbitMqOptions.Topology is 7; it must be Declare or Verify.",
                "RabbitMqOptions.QueueType is 8; it must be Quorum, Classic or Stream.",
                "RabbitMqOptions.ExchangeType is 'round'; it must be topic, direct, fanout, headers or a plugin's type (x-…).",
                "RabbitMqOptions.ConfirmTimeout is 00:00:00; it must be between 100 ms and 1 h.",
                "RabbitMqOptions.MaxBodyBytes is 0; it must be between 1 and 134,217,728 bytes.",
                "RabbitMqOptions.Bindings has RabbitMqBinding { Queue = , Exchange = x, RoutingKey =  }; queue and exchange must be named (every queue is bound to the default exchange anyway).",
                "RabbitMqOptions.Hosts has 'a/b'; it must be host or host:port, the rest is taken from RabbitMqOptions.Uri.",
                "RabbitMqOptions.Hosts has an address with a user; it must be host or host:port, the rest is taken from RabbitMqOptions.Uri.",
                "RabbitMqOptions.Tls is set, but RabbitMqOptions.Uri begins with amqp, which speaks no TLS; it must begin with amqps.",
                "RabbitMqOptions.Tls.AuthorityFile is '/no/such.pem', which cannot be read (Could not find a part of the path '/no/such.pem'); it must be a PEM file with at least one certificate.",
                "RabbitMqOptions.ConnectTimeout is 00:00:00; it must be between 100 ms and 5 min.",
                "RabbitMqOptions.FirstReconnectPause is 00:00:00; it must be at least 10 ms.",
                "RabbitMqOptions.LongestReconnectPause is 1.00:00:00; it must be between FirstReconnectPause (00:00:00) and 1 h.",
            ],
            failures);
    }

    [Fact]
    public void The_defaults_are_allowed() => Assert.Empty(Failures(_ => { }));

    [Fact]
    public void The_options_text_holds_no_password()
    {
        var text = new RabbitMqOptions { Uri = Good }.ToString();

        Assert.Contains("broker:5673/shop", text);
        Assert.DoesNotContain("planted-s3cret", text);
    }

    [Theory]
    [InlineData("amqp://broker", "broker", 5672, "/", "guest", "guest", false)]
    [InlineData("amqp://broker/", "broker", 5672, "/", "guest", "guest", false)]
    [InlineData("amqps://broker/shop", "broker", 5671, "shop", "guest", "guest", true)]
    [InlineData("amqp://me@broker:1/%2Fshop%2Fa", "broker", 1, "/shop/a", "me", "", false)]
    [InlineData("amqp://me:a:b%40c%2F@broker", "broker", 5672, "/", "me", "a:b@c/", false)]
    public void An_address_is_taken_apart(string uri, string host, int port, string virtualHost, string user, string password, bool tls)
    {
        Assert.True(BrokerAddress.TryParse(uri, out var address, out _));
        var factory = address.CreateFactory(new RabbitMqOptions());

        Assert.Equal(
            (host, port, virtualHost, user, password, tls),
            (factory.HostName, factory.Port, factory.VirtualHost, factory.UserName, factory.Password, factory.Ssl.Enabled));
        Assert.Equal(host, tls ? factory.Ssl.ServerName : host);
        Assert.Equal(System.Net.Security.SslPolicyErrors.None, factory.Ssl.AcceptablePolicyErrors);
    }

    [Fact]
    public void The_last_word_on_the_factory_is_the_users_except_on_recovery()
    {
        Assert.True(BrokerAddress.TryParse(Good, out var address, out _));

        var factory = address.CreateFactory(new RabbitMqOptions
        {
            ConfigureFactory = factory =>
            {
                factory.AutomaticRecoveryEnabled = true;
                factory.TopologyRecoveryEnabled = true;
                factory.ConsumerDispatchConcurrency = 8;
                factory.RequestedHeartbeat = TimeSpan.FromSeconds(5);
            },
        });

        Assert.False(factory.AutomaticRecoveryEnabled);
        Assert.False(factory.TopologyRecoveryEnabled);
        Assert.Equal(1, factory.ConsumerDispatchConcurrency);
        Assert.Equal(TimeSpan.FromSeconds(5), factory.RequestedHeartbeat);
    }

    [Fact]
    public async Task UseRabbitMq_registers_the_transport_with_its_options()
    {
        await using var services = Services(r => r.UseRabbitMq(Good, options => options.MaxBodyBytes = 5000));

        var transport = Assert.Single(services.GetServices<ITransport>(), transport => transport.Name == TransportNames.RabbitMq);

        Assert.Equal(5000, transport.MaxBodyBytes);
    }

    [Fact]
    public async Task A_wrong_option_fails_when_the_transport_is_asked_for()
    {
        await using var services = Services(r => r.UseRabbitMq("amqp://user:planted-s3cret@/"));

        var error = Assert.Throws<OptionsValidationException>(() => services.GetServices<ITransport>().ToList());

        Assert.Contains("RabbitMqOptions.Uri", error.Message);
        Assert.DoesNotContain("planted-s3cret", error.ToString());
    }

    private static ServiceProvider Services(Action<ReliabilityBuilder> configure)
    {
        var folder = Directory.CreateTempSubdirectory("reliability-options-").FullName;
        return new ServiceCollection()
            .AddSingleton(typeof(ILogger<>), typeof(Microsoft.Extensions.Logging.Abstractions.NullLogger<>))
            .AddReliability(r => configure(r.UseSqlite(Path.Combine(folder, "unused.db"))))
            .BuildServiceProvider();
    }

    private static IReadOnlyList<string> Failures(Action<RabbitMqOptions> change)
    {
        var options = new RabbitMqOptions { Uri = Good };
        change(options);
        return [.. new RabbitMqOptionsValidator().Validate(null, options).Failures ?? []];
    }
}
