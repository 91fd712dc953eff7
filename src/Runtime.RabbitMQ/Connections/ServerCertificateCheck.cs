using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Reliability;

/// <summary>
/// Decides on the certificate that a broker shows: issued for the host's name, valid now, and trusted by the given authorities, or by the machine's where none
/// are given. Keeps why one was refused, since the exception that follows does not say.
/// </summary>
internal sealed class ServerCertificateCheck(BrokerAddress node, string host, X509Certificate2Collection authorities, bool checkRevocation)
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>Null where it was accepted, or none was shown yet.</summary>
    public string? Refusal { get; private set; }

    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Refusal = Why(certificate as X509Certificate2, chain, errors) is { } why ? $"TLS with {node} failed: {why}" : null;
        return Refusal is null;
    }

    private string? Why(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return "it shows no certificate. Check that amqps is spoken at this port";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"its certificate ({certificate.Subject}) is not issued for '{host}'. Connect by a name that it is issued for, or name that one in RabbitMqOptions.Tls.ServerName";
        }

        if (authorities.Count > 0)
        {
            using var own = ChainOfOwn(chain);
            return own.Build(certificate) ? null : $"its certificate ({certificate.Subject}) is not trusted by RabbitMqOptions.Tls.AuthorityFile: {Said(own)}";
        }

        return errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
            ? $"its certificate ({certificate.Subject}) is not trusted: {Said(chain)}. Name a private authority's PEM file in RabbitMqOptions.Tls.AuthorityFile, or renew the certificate"
            : null;
    }

    private X509Chain ChainOfOwn(X509Chain? shown)
    {
        var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        own.ChainPolicy.RevocationMode = checkRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        if (shown is not null)
        {
            own.ChainPolicy.ExtraStore.AddRange(shown.ChainPolicy.ExtraStore);
            foreach (var element in shown.ChainElements)
            {
                own.ChainPolicy.ExtraStore.Add(element.Certificate);
            }
        }

        return own;
    }

    private static string Said(X509Chain? chain) => chain is null
        ? "it has no chain"
        : string.Join(", ", chain.ChainStatus.Select(status => $"{status.Status} ({status.StatusInformation.Trim().TrimEnd('.')})").Distinct());
}
