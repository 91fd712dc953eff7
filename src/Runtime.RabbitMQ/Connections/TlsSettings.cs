using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace Reliability;

/// <summary>TLS as the options ask for it, in the client's terms.</summary>
internal static class TlsSettings
{
    /// <summary>Reads the authorities anew at each connection: a renewed file needs no restart.</summary>
    public static ServerCertificateCheck CheckFor(BrokerAddress node, RabbitMqTls options)
    {
        var authorities = new X509Certificate2Collection();
        if (options.AuthorityFile is { } file)
        {
            authorities.ImportFromPemFile(file);
        }

        return new ServerCertificateCheck(node, options.ServerName ?? node.Host, authorities, options.CheckRevocation);
    }

    public static SslOption For(BrokerAddress node, RabbitMqTls options, ServerCertificateCheck? check)
    {
        var settings = new SslOption(options.ServerName ?? node.Host, enabled: true)
        {
            // The system's choice, and nothing that is wrong with a certificate accepted.
            Version = SslProtocols.None,
            CheckCertificateRevocation = options.CheckRevocation,
        };
        if (check is not null)
        {
            settings.CertificateValidationCallback = check.Accepts;
        }

        if (options.ClientCertificate is { } certificate)
        {
            settings.Certs = [certificate];
        }

        return settings;
    }
}
