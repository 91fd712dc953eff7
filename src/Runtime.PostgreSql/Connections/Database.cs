using System.Net.Sockets;
using Npgsql;

namespace Reliability.Connections;

/// <summary>The connections of a store, and statements on them that are transactions of their own.</summary>
internal sealed class Database(NpgsqlDataSource source, bool owned) : IAsyncDisposable
{
    private volatile bool _closed;
    private volatile bool _open;

    public DatabaseAddress Address { get; } = DatabaseAddress.Of(source.ConnectionString);

    /// <summary>Lets statements through: the tables are known to be there.</summary>
    public void Open() => _open = true;

    public void RequireNotClosed() => ObjectDisposedException.ThrowIf(_closed, typeof(PostgreSqlMessageStore));

    /// <summary>A connection of the pool, for a store that is started.</summary>
    public ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        RequireNotClosed();
        return _open
            ? ConnectFirstAsync(cancellationToken)
            : throw new InvalidOperationException("The store is not started: call StartAsync first.");
    }

    /// <summary>A connection of the pool, also before the start.</summary>
    public async ValueTask<NpgsqlConnection> ConnectFirstAsync(CancellationToken cancellationToken)
    {
        RequireNotClosed();
        try
        {
            return await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException error)
        {
            // A host name that cannot be looked up. By its type alone nobody could tell it from the error of another client in a handler.
            throw new NpgsqlException($"The PostgreSQL server of {Address} cannot be reached: {error.Message}", error);
        }
    }

    /// <summary>Runs statements, all or none, in one round trip. Says how many rows they changed.</summary>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken, params IReadOnlyList<NpgsqlBatchCommand> commands)
    {
        var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await connection.RunAsync(null, commands, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs statements, all or none, in one round trip, and reads the rows of the only one that gives any.</summary>
    public async ValueTask<List<T>> RowsAsync<T>(
        Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params IReadOnlyList<NpgsqlBatchCommand> commands)
    {
        var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await connection.RowsAsync(null, commands, read, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        if (owned)
            await source.DisposeAsync().ConfigureAwait(false);
    }
}
