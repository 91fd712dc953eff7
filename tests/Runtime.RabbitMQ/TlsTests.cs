using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Reliability.Tests;

/// <summary>TLS with a real broker: whom we trust, and what is said about whom we do not.</summary>
public sealed class TlsTests(TlsBroker broker) : BrokerTest, IClassFixture<TlsBroker>
{
    private string Localhost => $"amqps://guest:guest@localhost:{broker.Port}/";

    [Fact]
    public async Task A_private_authority_is_trusted_where_the_options_name_it()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue], configure: options =>
        {
            options.Uri = Localhost;
            options.Tls.AuthorityFile = broker.AuthorityFile;
        });
        await using var subscription = await SubscribeAsync(transport, queue);

        await PublishAsync(transport, queue, "secret");

        await ReceiveAllAsync(subscription, ["secret"]);
        Assert.Contains("ssl", await broker.Server.ControlAsync(["list_connections", "protocol", "ssl", "ssl_protocol"], Cancellation));
        Assert.DoesNotContain("false", await broker.Server.ControlAsync(["list_connections", "ssl", "--silent"], Cancellation));
    }

    [Fact]
    public Task An_authority_that_the_machine_does_not_know_is_refused() => RefusedAsync(
        _ => { }, $"TLS with localhost:{broker.Port}/ failed", "(CN=localhost) is not trusted", "RabbitMqOptions.Tls.AuthorityFile");

    [Fact]
    public async Task Another_authority_than_the_named_one_is_refused()
    {
        using var stranger = new TestAuthority("Stranger");
        var file = Path.Combine(broker.Server.Folder, $"{Guid.NewGuid():N}.pem");
        await File.WriteAllTextAsync(file, stranger.Pem, Cancellation);

        await RefusedAsync(options => options.Tls.AuthorityFile = file, "is not trusted by RabbitMqOptions.Tls.AuthorityFile", "(CN=localhost)");
    }

    [Fact]
    public Task A_certificate_for_another_host_is_refused() => RefusedAsync(
        options =>
        {
            options.Uri = Localhost.Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
            options.Tls.AuthorityFile = broker.AuthorityFile;
        },
        "(CN=localhost) is not issued for '127.0.0.1'", "RabbitMqOptions.Tls.ServerName");

    [Fact]
    public async Task The_name_of_the_certificate_can_be_given_where_the_host_is_called_otherwise()
    {
        var transport = await StartAsync([], configure: options =>
        {
            options.Uri = Localhost.Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
            options.Tls.AuthorityFile = broker.AuthorityFile;
            options.Tls.ServerName = "localhost";
        });

        await LoggedAsync("publisher connected");

        Assert.True((await transport.CheckAsync(Cancellation)).IsConnected);
    }

    [Fact]
    public async Task A_broker_that_asks_for_our_certificate_gets_it()
    {
        using var ours = broker.Authority.Issue("our-service");
        string[] asks = ["ssl_options.verify = verify_peer", "ssl_options.fail_if_no_peer_cert = true"];
        await broker.Server.ConfigureAsync(asks, Cancellation);
        try
        {
            await RefusedAsync(options => options.Tls.AuthorityFile = broker.AuthorityFile, $"localhost:{broker.Port}/");
            var queue = NewQueue();
            var transport = await StartAsync([queue], configure: options =>
            {
                options.Uri = Localhost;
                options.Tls.AuthorityFile = broker.AuthorityFile;
                options.Tls.ClientCertificate = ours;
            });

            await PublishAsync(transport, queue, "known");

            Assert.Contains("our-service", await broker.Server.ControlAsync(["list_connections", "peer_cert_subject", "--silent"], Cancellation));
        }
        finally
        {
            await broker.Server.ConfigureAsync(["ssl_options.verify = verify_none", "ssl_options.fail_if_no_peer_cert = false"], Cancellation);
        }
    }

    [Fact]
    public void An_expired_certificate_is_refused_even_from_a_trusted_authority()
    {
        using var expired = broker.Authority.Issue("localhost", DateTimeOffset.UtcNow.AddMonths(-18));
        using var shown = X509CertificateLoader.LoadCertificate(expired.Export(X509ContentType.Cert));
        Assert.True(BrokerAddress.TryParse(Localhost, out var node, out _));
        var check = TlsSettings.CheckFor(node, new RabbitMqTls { AuthorityFile = broker.AuthorityFile });

        Assert.False(check.Accepts(this, shown, null, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.Contains("NotTimeValid", check.Refusal);
    }

    protected override Task<Uri> BrokerAsync() => Task.FromResult(broker.Server.Uri);

    private async Task RefusedAsync(Action<RabbitMqOptions> configure, params string[] said)
    {
        var transport = await StartAsync([], configure: options =>
        {
            options.Uri = Localhost;
            configure(options);
        });

        var outcome = await TryPublishAsync(transport, "any", "m");

        Assert.Equal(PublishStatus.Unavailable, outcome.Status);
        Assert.All(said, text => Assert.Contains(text, outcome.Reason));
        await LoggedAsync(["publisher is not connected", .. said]);
    }
}
