using Npgsql;

namespace Reliability.Connections;

/// <summary>
/// The statements of one transaction. Writes whose result nobody waits for travel with the next statement that is read, or with the commit: on the way to a
/// handled message each round trip counts.
/// </summary>
/// <param name="transaction">The transaction.</param>
/// <param name="defers">False where somebody else may commit the transaction: then every write is sent at once.</param>
internal sealed class WriteBuffer(NpgsqlTransaction transaction, bool defers)
{
    // In a transaction that has failed any statement fails; a bare COMMIT would quietly roll back, and look like success.
    private const string Probe = "SELECT 1";

    private readonly NpgsqlConnection _connection = transaction.Connection!;
    private List<NpgsqlBatchCommand> _waiting = [];

    public async ValueTask WriteAsync(NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _waiting.Add(command);
        if (!defers)
            await _connection.RunAsync(transaction, ByIndex.Within(Take()), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a plain insert and reads what it returns.</summary>
    public ValueTask<List<T>> InsertAsync<T>(NpgsqlBatchCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        if (_waiting.Count > 0)
            return RowsAsync(command, read, cancellationToken);

        // It looks nothing up, so nothing needs to be said about how.
        return _connection.RowsAsync(transaction, [command], read, cancellationToken);
    }

    /// <summary>Runs what waits and a statement, and reads its rows.</summary>
    public ValueTask<List<T>> RowsAsync<T>(NpgsqlBatchCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        _waiting.Add(command);
        return _connection.RowsAsync(transaction, ByIndex.Within(Take()), read, cancellationToken);
    }

    /// <summary>Sends what waits and the commit, in one round trip.</summary>
    public async ValueTask CommitAsync(bool durably, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_waiting.Count > 0)
            _waiting.Insert(0, ByIndex.Begin());

        if (durably)
            _waiting.Add(new NpgsqlBatchCommand("SET LOCAL synchronous_commit TO 'on'"));

        if (_waiting.Count == 0)
            _waiting.Add(new NpgsqlBatchCommand(Probe));

        if (defers)
        {
            // The driver learns from the server that the transaction has ended, as it would from its own COMMIT.
            _waiting.Add(new NpgsqlBatchCommand("COMMIT"));
            await _connection.RunAsync(transaction, Take(), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await _connection.RunAsync(transaction, Take(), cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private List<NpgsqlBatchCommand> Take()
    {
        var taken = _waiting;
        _waiting = [];
        return taken;
    }
}
