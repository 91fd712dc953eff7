using System.Diagnostics.CodeAnalysis;
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

    /// <summary>The nodes to try, in this order: that of <see cref="RabbitMqOptions.Uri"/>, then <see cref="RabbitMqOptions.Hosts"/>.</summary>
    /// <exception cref="ArgumentException">One of them cannot be read.</exception>
    public static IReadOnlyList<BrokerAddress> Nodes(RabbitMqOptions options)
    {
        if (!TryParse(options.Uri, out var first, out var error))
        {
            throw new ArgumentException($"RabbitMqOptions.Uri {error}.", nameof(options));
        }

        return [first, .. options.Hosts.Select(host => first.TryAt(host, out var node)
            ? node
            : throw new ArgumentException($"RabbitMqOptions.Hosts has '{host}'; it must be host or host:port.", nameof(options)))];
    }

    /// <summary>Another node of the same cluster: same user, virtual host and scheme; the port too, unless one is named.</summary>
    /// <param name="host"><c>host</c> or <c>host:port</c>.</param>
    /// <param name="node">That node.</param>
    public bool TryAt(string host, [NotNullWhen(true)] out BrokerAddress? node)
    {
        var read = Uri.TryCreate($"amqp://{host}", UriKind.Absolute, out var uri) && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.PathAndQuery is "/" or "";
        node = read ? new BrokerAddress(uri!.Host, uri.Port > 0 ? uri.Port : Port, VirtualHost, Tls) { _user = _user, _password = _password } : null;
        return read;
    }

    /// <param name="options">The options.</param>
    /// <param name="certificate">Decides on the certificate that the node shows, where TLS is spoken.</param>
    public ConnectionFactory CreateFactory(RabbitMqOptions options, ServerCertificateCheck? certificate = null)
    {
        var factory = new ConnectionFactory
        {
            HostName = Host,
            Port = Port,
            VirtualHost = VirtualHost,
            UserName = _user,
            Password = _password,
            RequestedHeartbeat = Heartbeat,
            RequestedConnectionTimeout = options.ConnectTimeout,
        };
        if (Tls)
        {
            factory.Ssl = TlsSettings.For(this, options.Tls, certificate);
        }

        options.ConfigureFactory?.Invoke(factory);
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
