using System.Globalization;
using System.Net;
using Npgsql;

namespace Reliability.Connections;

/// <summary>Which database on which server: what may be said of a connection string in logs and errors.</summary>
internal sealed record DatabaseAddress(IReadOnlyList<string> Hosts, int Port, string Database)
{
    public static DatabaseAddress Of(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var hosts = (settings.Host ?? "localhost").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new DatabaseAddress(hosts, settings.Port, settings.Database ?? settings.Username ?? "");
    }

    /// <summary>True where an open connection is to this database.</summary>
    public bool Has(NpgsqlConnection connection) =>
        string.Equals(connection.Database, Database, StringComparison.Ordinal)
        && Hosts.Any(host => connection.Host is { } other && SameServer(host, Port, other, connection.Port));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"'{Database}' on {string.Join(',', Hosts.Select(host => Split(host, Port)).Select(server => $"{server.Host}:{server.Port}"))}");

    private static bool SameServer(string host, int port, string other, int otherPort)
    {
        var (name, number) = Split(host, port);
        return number == otherPort && (string.Equals(name, other, StringComparison.OrdinalIgnoreCase) || (IsThisMachine(name) && IsThisMachine(other)));
    }

    // A host may have a port of its own: "one:5432,two:5433". A path (a Unix socket) and an IPv6 address have none here.
    private static (string Host, int Port) Split(string host, int port) =>
        host.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 && colon == host.LastIndexOf(':')
        && int.TryParse(host.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var own)
            ? (host[..colon], own)
            : (host, port);

    private static bool IsThisMachine(string host) =>
        host.StartsWith('/') || string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
