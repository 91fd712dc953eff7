using System.Security.Cryptography.X509Certificates;

namespace Reliability;

/// <summary>
/// How TLS is spoken, and whom it trusts. The broker's certificate is always checked: its host name, its dates, its authority. There is no way to accept any
/// certificate.
/// </summary>
public sealed record RabbitMqTls
{
    /// <summary>
    /// A PEM file with the certificates of the authorities to trust, instead of the machine's: for brokers with certificates of a private authority. Read at each
    /// connection. Default: the machine's.
    /// </summary>
    public string? AuthorityFile { get; set; }

    /// <summary>The name that the broker's certificate is issued for, where it is not the host's name. Default: the host's name.</summary>
    public string? ServerName { get; set; }

    /// <summary>Our own certificate, with its private key, for brokers that ask for one. Default: none.</summary>
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>Whether the authority is asked if the broker's certificate was revoked; it must then be reachable. Default: false.</summary>
    public bool CheckRevocation { get; set; }

    /// <summary>True where nothing was changed.</summary>
    internal bool IsDefault => this == new RabbitMqTls();
}
