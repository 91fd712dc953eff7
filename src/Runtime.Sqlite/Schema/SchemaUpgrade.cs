using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Reliability.Schema;

/// <summary>Brings the tables to the version that this package knows. The file's user_version is the application's own and left alone.</summary>
internal static class SchemaUpgrade
{
    /// <summary>Applies the steps that the file lacks, all or none.</summary>
    /// <exception cref="StoreException">The file's tables are newer than this package.</exception>
    public static void Apply(SqliteConnection connection, string path)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        Execute(connection, transaction, "CREATE TABLE IF NOT EXISTS reliability_schema (version INTEGER NOT NULL)");
        var version = VersionOf(connection, transaction);
        var known = Migrations.Steps.Count;
        if (version > known)
        {
            throw new StoreException(string.Create(CultureInfo.InvariantCulture,
                $"The tables in '{path}' have version {version}, made by a newer Reliability.Sqlite; this one knows versions up to {known}. Nothing was changed: update the package, or name another file."));
        }

        foreach (var step in Migrations.Steps.Skip(version))
            Execute(connection, transaction, step);

        if (version < known)
        {
            Execute(connection, transaction, string.Create(CultureInfo.InvariantCulture,
                $"DELETE FROM reliability_schema; INSERT INTO reliability_schema (version) VALUES ({known})"));
        }

        transaction.Commit();
    }

    private static int VersionOf(SqliteConnection connection, SqliteTransaction transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT coalesce(max(version), 0) FROM reliability_schema";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
