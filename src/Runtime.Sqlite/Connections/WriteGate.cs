using Microsoft.Data.Sqlite;

namespace Reliability.Connections;

/// <summary>
/// Lets one unit of work at a time at the writing connection, in the order they asked. SQLite has one writer anyway; waiting here is fair and costs no
/// polling, while waiting for its lock is neither.
/// </summary>
internal sealed class WriteGate(ConnectionOpener opener, Func<SqliteConnection, WriteSession> newSession) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private WriteSession? _session;
    private volatile bool _open;
    private volatile bool _closed;

    /// <summary>Begins with the session of the start.</summary>
    public void Open(WriteSession session)
    {
        _session = session;
        _open = true;
    }

    /// <summary>Waits for a turn, begins a transaction that may write at once, and gives the connection, opened anew where the last one failed.</summary>
    public async ValueTask<SqliteUnitOfWork> BeginAsync(CancellationToken cancellationToken)
    {
        RequireOpen();
        if (!await _turn.WaitAsync(opener.BusyTimeout, cancellationToken).ConfigureAwait(false))
        {
            throw SqliteErrors.Busy(
                $"Another unit of work on '{opener.File.Path}' did not end within {opener.BusyTimeout.TotalSeconds:0.#} s. A handler that opens a second one inside of its own waits for itself: use the handler's transaction.");
        }

        try
        {
            RequireOpen();
            // SQLite goes on writing into a file that was deleted under it; everything so kept would be lost.
            if (!File.Exists(opener.File.Path))
                throw SqliteErrors.Gone(opener.File);

            _session ??= newSession(opener.OpenWriter());
            return new SqliteUnitOfWork(_session, _session.Connection.BeginTransaction(deferred: false), this);
        }
        catch
        {
            Leave(usable: false);
            throw;
        }
    }

    /// <summary>Ends a turn.</summary>
    /// <param name="usable">False where the connection's state is not known for sure: the next unit of work gets a new one.</param>
    public void Leave(bool usable)
    {
        var last = usable ? null : Interlocked.Exchange(ref _session, null);
        try
        {
            last?.Dispose();
        }
        finally
        {
            // Whatever closing threw: who waits for the turn must get it.
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_closed)
            return;

        _closed = true;
        // A unit of work in hand may end first; one that does not is rolled back by the closing connection.
        var taken = await _turn.WaitAsync(opener.BusyTimeout).ConfigureAwait(false);
        _session?.Dispose();
        _session = null;
        if (taken)
            _turn.Release();
    }

    public void RequireNotClosed() => ObjectDisposedException.ThrowIf(_closed, typeof(SqliteMessageStore));

    public void RequireOpen()
    {
        RequireNotClosed();
        if (!_open)
            throw new InvalidOperationException("The store is not started: call StartAsync or AttachAsync first.");
    }
}
