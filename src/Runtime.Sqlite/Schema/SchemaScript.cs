using System.Globalization;
using Microsoft.Data.Sqlite;
using Reliability.Connections;

namespace Reliability.Schema;

/// <summary>Brings the tables to the version that this package knows. The file's user_version is the application's own and left alone.</summary>
internal static class SchemaScript
{
    public static int KnownVersion => Migrations.Steps.Count;

    /// <summary>What a version lacks, and the note of it; empty where nothing is lacking.</summary>
    public static string From(int version)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, KnownVersion);
        return version == KnownVersion
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"""
                CREATE TABLE IF NOT EXISTS reliability_schema (version INTEGER NOT NULL);
                {string.Concat(Migrations.Steps.Skip(version))}
                DELETE FROM reliability_schema;
                INSERT INTO reliability_schema (version) VALUES ({KnownVersion});

                """);
    }

    /// <summary>Applies the steps that the file lacks, all or none, and gives the version that it had.</summary>
    /// <exception cref="StoreException">The file's tables are newer than this package.</exception>
    public static int Apply(SqliteConnection connection, string path)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        try
        {
            var version = Read(connection, transaction);
            RefuseNewer(version, path);
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = From(version);
            command.ExecuteNonQuery();
            transaction.Commit();
            return version;
        }
        catch
        {
            FailedCommit.LetRollBack(connection);
            throw;
        }
    }

    /// <summary>The file's version; 0 where it has no tables.</summary>
    public static int Read(SqliteConnection connection, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'reliability_schema'";
        if (Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture) == 0)
            return 0;

        command.CommandText = "SELECT coalesce(max(version), 0) FROM reliability_schema";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <exception cref="StoreException">The tables are not those that this package knows.</exception>
    public static void RequireKnown(SqliteConnection connection, string path)
    {
        var version = Read(connection);
        RefuseNewer(version, path);
        if (version < KnownVersion)
        {
            throw new StoreException(version == 0
                ? $"'{path}' has no tables of Reliability.Sqlite. Start the service on it once, or apply the schema; nothing was changed."
                : string.Create(CultureInfo.InvariantCulture, $"The tables in '{path}' have version {version}; this Reliability.Sqlite works with {KnownVersion}. Nothing was changed: apply the schema, or start the service with this version once."));
        }
    }

    private static void RefuseNewer(int version, string path)
    {
        if (version > KnownVersion)
        {
            throw new StoreException(string.Create(CultureInfo.InvariantCulture,
                $"The tables in '{path}' have version {version}, made by a newer Reliability.Sqlite; this one knows versions up to {KnownVersion}. Nothing was changed: update the package, or name another file."));
        }
    }
}
