using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>A RabbitMQ node that speaks TLS with a certificate for "localhost", issued by an authority that no machine trusts.</summary>
public sealed class TlsBroker : IAsyncLifetime
{
    private RabbitMqServer? _server;

    internal TestAuthority Authority { get; } = new("Test authority");

    public RabbitMqServer Server => _server ?? throw new InvalidOperationException("Not started.");

    public int Port { get; private set; }

    public string AuthorityFile => Path.Combine(Server.Folder, "authority.pem");

    public async ValueTask InitializeAsync()
    {
        _server = await RabbitMqServer.StartAsync();
        Port = FreePort();
        using var certificate = Authority.Issue("localhost");
        await File.WriteAllTextAsync(AuthorityFile, Authority.Pem);
        await File.WriteAllTextAsync(Path.Combine(Server.Folder, "server.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(Server.Folder, "server.key"), certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await Server.ConfigureAsync(
        [
            $"listeners.ssl.default = 127.0.0.1:{Port}",
            $"ssl_options.cacertfile = {AuthorityFile}",
            $"ssl_options.certfile = {Server.Folder}/server.pem",
            $"ssl_options.keyfile = {Server.Folder}/server.key",
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        Authority.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
