using System.Data.Common;
using Npgsql;

namespace Reliability.Connections;

/// <summary>The pool that a store makes of a connection string, with what the string leaves open set for short statements that repeat.</summary>
internal static class OwnSource
{
    public static NpgsqlDataSource Build(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        var settings = builder.ConnectionStringBuilder;
        // Npgsql's own builder does not tell what was given from what is a default.
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString }.Keys.Cast<string>()
            .Select(keyword => keyword.Replace(" ", "", StringComparison.Ordinal)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!given.Contains("ApplicationName"))
            settings.ApplicationName = "reliability";

        // A statement is prepared when a connection runs it the second time.
        if (!given.Contains("MaxAutoPrepare"))
        {
            settings.MaxAutoPrepare = 100;
            settings.AutoPrepareMinUsages = 2;
        }

        // A hundred handlers have more lanes than the server, by default, takes connections: they wait for one another here rather than be refused there.
        if (!given.Contains("MaximumPoolSize") && !given.Contains("MaxPoolSize"))
            settings.MaxPoolSize = 50;

        // Else a server whose machine is gone is noticed only when the system gives a connection up, after minutes.
        if (!given.Contains("Keepalive"))
            settings.KeepAlive = 30;

        // Units of work are their own transactions, whatever surrounds the call.
        settings.Enlist = false;
        return builder.Build();
    }
}
