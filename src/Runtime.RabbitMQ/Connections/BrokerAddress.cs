using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using RabbitMQ.Client;

namespace Reliability;

/// <summary>Where the broker is. Its text is host, port and virtual host: safe to log.</summary>
/// <remarks>
/// The address is taken apart here and not by <see cref="ConnectionFactory.Uri"/>, whose errors quote the password, and which accepts a TLS certificate
/// of any other host.
/// </remarks>
internal sealed class BrokerAddress
{
    private const int AmqpPort = 5672;
    private const int AmqpsPort = 5671;

    /// <summary>Half-open connections are noticed after two of these.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The most that RabbitMQ's max_message_size can be. The client's default, 64 MiB, closes the connection over every larger message, for ever.</summary>
    private const uint LargestInboundBody = 512 * 1024 * 1024;

    private string _user = "guest";
    private string _password = "guest";

    private BrokerAddress(string host, int port, string virtualHost, bool tls) =>
        (Host, Port, VirtualHost, Tls) = (host, port, virtualHost, tls);

    public string Host { get; }

    public int Port { get; }

    public string VirtualHost { get; }

    public bool Tls { get; }

    public string User => _user;

    public static bool TryParse(string? text, [NotNullWhen(true)] out BrokerAddress? address, [NotNullWhen(false)] out string? error)
    {
        address = null;
        error = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            error = "is empty";
        }
        else if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps"))
        {
            error = "is not an AMQP address (if the password holds reserved characters such as / or #, percent-encode them)";
        }
        else if (uri.Host.Length == 0)
        {
            error = "names no host";
        }
        else if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            error = "has a query or fragment, which is not read; set such things by RabbitMqOptions.ConfigureFactory";
        }
        else if (uri.AbsolutePath.IndexOf('/', 1) is > 0)
        {
            error = "has several segments in its path; a / in the virtual host's name is written %2F";
        }
        else
        {
            var tls = uri.Scheme == "amqps";
            var port = uri.Port > 0 ? uri.Port : tls ? AmqpsPort : AmqpPort;
            var virtualHost = uri.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(uri.AbsolutePath[1..]) : ConnectionFactory.DefaultVHost;
            address = new BrokerAddress(uri.Host, port, virtualHost, tls);
            address.TakeCredentials(uri.UserInfo);
        }

        return address is not null;
    }

    public ConnectionFactory CreateFactory(Action<ConnectionFactory>? configure)
    {
        var factory = new ConnectionFactory
        {
            HostName = Host,
            Port = Port,
            VirtualHost = VirtualHost,
            UserName = _user,
            Password = _password,
            RequestedHeartbeat = Heartbeat,
            RequestedConnectionTimeout = ConnectTimeout,
        };
        if (Tls)
        {
            factory.Ssl = new SslOption(Host, enabled: true) { AcceptablePolicyErrors = SslPolicyErrors.None, Version = SslProtocols.None };
        }

        configure?.Invoke(factory);
        // The client's recovery would bring back consumers and tags behind our back: settling needs to know which connection a delivery came by.
        factory.AutomaticRecoveryEnabled = false;
        factory.TopologyRecoveryEnabled = false;
        factory.ConsumerDispatchConcurrency = 1;
        factory.MaxInboundMessageBodySize = LargestInboundBody;
        return factory;
    }

    public override string ToString() => VirtualHost == "/" ? $"{Host}:{Port}/" : $"{Host}:{Port}/{VirtualHost}";

    private void TakeCredentials(string userInfo)
    {
        if (userInfo.Length == 0)
        {
            return;
        }

        var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        _user = Uri.UnescapeDataString(colon < 0 ? userInfo : userInfo[..colon]);
        _password = colon < 0 ? "" : Uri.UnescapeDataString(userInfo[(colon + 1)..]);
    }
}
