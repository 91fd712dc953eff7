using System.Globalization;
using Npgsql;
using Reliability.Connections;

namespace Reliability.Schema;

internal sealed class StoreSchema(Database database, TableNames names, Migrations migrations) : IStoreSchema
{
    public int KnownVersion => Migrations.KnownVersion;

    public string Script(int fromVersion = 0) => string.Join('\n',
        "BEGIN;",
        migrations.Lock,
        fromVersion == 0 ? migrations.CreateSchema : "",
        migrations.StatementsFrom(fromVersion),
        "COMMIT;",
        "");

    public async ValueTask<int> ReadVersionAsync(CancellationToken cancellationToken)
    {
        var connection = await database.ConnectFirstAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await ReadVersionAsync(connection, null, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask<int> ApplyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = await database.ConnectFirstAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                return await ApplyAsync(connection, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (PostgresException error) when (PostgreSqlErrors.StartFailure(error, database.Address, names.Schema) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Refuses tables of another version than the known one.</summary>
    public async ValueTask RequireKnownAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var version = await ReadVersionAsync(connection, null, cancellationToken).ConfigureAwait(false);
        if (version == KnownVersion)
            return;

        var found = version == 0
            ? $"There are no tables in the schema {names.Schema} of {database.Address}."
            : string.Create(CultureInfo.InvariantCulture, $"The tables in the schema {names.Schema} of {database.Address} have version {version}.");
        throw version > KnownVersion ? TooNew(version) : new StoreException(string.Create(CultureInfo.InvariantCulture,
            $"{found} This package needs version {KnownVersion}. Nothing was changed: apply the script of 'reliability schema print', or set {nameof(PostgreSqlStoreOptions)}.{nameof(PostgreSqlStoreOptions.ApplySchema)} to true."));
    }

    /// <summary>Refuses an inbox that is one table where several were asked for.</summary>
    public async ValueTask RequirePartitionedInboxAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var kind = await connection.RowsAsync(
            null, [new NpgsqlBatchCommand("SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass($1)").Raw(names.Inbox)], row => row.GetBoolean(0), cancellationToken).ConfigureAwait(false);
        if (!kind[0])
        {
            throw new StoreException(
                $"{nameof(PostgreSqlStoreOptions)}.{nameof(PostgreSqlStoreOptions.PartitionedInbox)} is on, but {names.Inbox} in {database.Address} was made as one table, and stays so. Turn the option off, or have the table replaced while no process runs.");
        }
    }

    /// <summary>Creates or upgrades the tables through an open connection.</summary>
    public async ValueTask<int> ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Mostly there is nothing to do, and then no lock to wait for.
        var version = await ReadVersionAsync(connection, null, cancellationToken).ConfigureAwait(false);
        if (version == KnownVersion)
            return version;

        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var rollback = transaction.ConfigureAwait(false);
        await ExecuteAsync(connection, transaction, migrations.Lock, cancellationToken).ConfigureAwait(false);
        version = await ReadVersionAsync(connection, transaction, cancellationToken).ConfigureAwait(false);
        if (version > KnownVersion)
            throw TooNew(version);

        if (version < KnownVersion)
        {
            // Creating a schema asks for a right that using one does not.
            if (!await HasSchemaAsync(connection, transaction, cancellationToken).ConfigureAwait(false))
                await ExecuteAsync(connection, transaction, migrations.CreateSchema, cancellationToken).ConfigureAwait(false);

            await ExecuteAsync(connection, transaction, migrations.StatementsFrom(version), cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }

        return version;
    }

    private async ValueTask<int> ReadVersionAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        // By the catalogue itself: to_regclass() may answer from a cache that does not know yet what another instance has just committed.
        const string question = """
            SELECT EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = 'schema_version')
            """;
        var exists = await connection.RowsAsync(
            transaction, [new NpgsqlBatchCommand(question).Raw(names.SchemaName)], row => row.GetBoolean(0), cancellationToken).ConfigureAwait(false);
        if (!exists[0])
            return 0;

        var version = await connection.RowsAsync(
            transaction, [new NpgsqlBatchCommand($"SELECT max(version) FROM {names.Version}")], row => row.IsDBNull(0) ? 0 : row.GetInt32(0), cancellationToken).ConfigureAwait(false);
        return version[0];
    }

    private async ValueTask<bool> HasSchemaAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        (await connection.RowsAsync(
            transaction, [new NpgsqlBatchCommand("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)").Raw(names.SchemaName)],
            row => row.GetBoolean(0), cancellationToken).ConfigureAwait(false))[0];

    private StoreException TooNew(int version) => new(string.Create(CultureInfo.InvariantCulture,
        $"The tables in the schema {names.Schema} of {database.Address} have version {version}, made by a newer Reliability.PostgreSql; this one knows versions up to {KnownVersion}. Nothing was changed: update the package, or name another schema."));

    private static async ValueTask ExecuteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string script, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(script, connection, transaction);
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
