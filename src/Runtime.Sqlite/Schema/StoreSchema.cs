using Microsoft.Data.Sqlite;
using Reliability.Connections;

namespace Reliability.Schema;

/// <summary>The tables, on connections of its own: it needs neither a started store nor the instance's lock.</summary>
internal sealed class StoreSchema(ConnectionOpener opener) : IStoreSchema
{
    public int KnownVersion => SchemaScript.KnownVersion;

    public string Script(int fromVersion = 0) => SchemaScript.From(fromVersion);

    public ValueTask<int> ReadVersionAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Looking must not make the file.
        if (!File.Exists(opener.File.Path))
            return new(0);

        return new(WithConnection(opener.OpenReader, connection => SchemaScript.Read(connection)));
    }

    public ValueTask<int> ApplyAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        opener.File.RequireFolder();
        return new(WithConnection(opener.OpenOrCreate, connection => SchemaScript.Apply(connection, opener.File.Path)));
    }

    private int WithConnection(Func<SqliteConnection> open, Func<SqliteConnection, int> use)
    {
        try
        {
            using var connection = open();
            return use(connection);
        }
        catch (SqliteException error) when (SqliteErrors.StartFailure(error, opener.File) is { } failure)
        {
            throw failure;
        }
    }
}
