using System.Data.Common;
using Microsoft.Data.Sqlite;
using Reliability.Batches;
using Reliability.Connections;
using SQLitePCL;

namespace Reliability;

/// <summary>One turn at the writing connection, or a share in a transaction that someone else opened.</summary>
/// <param name="session">The connection.</param>
/// <param name="transaction">The open transaction.</param>
/// <param name="gate">Where the turn ends; null where the transaction is someone else's.</param>
internal sealed class SqliteUnitOfWork(WriteSession session, SqliteTransaction transaction, WriteGate? gate) : IUnitOfWork
{
    private enum State
    {
        Open,
        Committed,
        CommitFailed,
        Disposed,
    }

    private readonly UnsentBatches _batches = new();
    private State _state;

    public DbConnection Connection => Session.Connection;

    public DbTransaction Transaction => OpenTransaction;

    internal WriteSession Session => IsOpen ? session : throw Ended();

    internal SqliteTransaction OpenTransaction => IsOpen ? transaction : throw Ended();

    // Whoever opened a joined transaction may have ended it.
    private bool IsOpen => _state == State.Open && (gate is not null || transaction.Connection is not null);

    public DbBatch CreateBatch() => IsOpen ? _batches.Add(new SqliteBatch()) : throw Ended();

    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var connection = Session.Connection;
        cancellationToken.ThrowIfCancellationRequested();
        var commands = _batches.Take();
        if (commands.Count == 0)
            return default;

        using var runner = connection.CreateCommand();
        runner.Transaction = transaction;
        foreach (var command in commands.Cast<SqliteBatchCommand>())
        {
            cancellationToken.ThrowIfCancellationRequested();
            command.Run(runner);
            if (raw.sqlite3_get_autocommit(connection.Handle) != 0)
                throw new InvalidOperationException($"A command in a batch committed or rolled back the transaction: {command.CommandText}. Leave that to the runtime: it commits effects, inbox and outbox together.");
        }

        return default;
    }

    public ValueTask<IReadOnlyList<InboxVerdict>> AddToInboxAsync(IReadOnlyList<InboxEntry> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Session.Inbox.Add(transaction, entries));
    }

    public ValueTask<IReadOnlyList<InboxVerdict>> TakePositionsAsync(IReadOnlyList<PositionEntry> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var verdicts = Session.Positions.Take(transaction, entries);
        Session.Inbox.CountDuplicates(transaction, entries.Where((_, index) => verdicts[index] == InboxVerdict.Duplicate).Select(entry => entry.Consumer));
        return new(verdicts);
    }

    public ValueTask AddToOutboxAsync(IReadOnlyList<OutboxRow> rows, Lease? lease, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Session.Outbox.Add(transaction, rows, lease);
        return default;
    }

    public ValueTask RemoveFromOutboxAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Session.Outbox.Remove(transaction, ids);
        return default;
    }

    public ValueTask<InboxVerdict> DeferAsync(DeferredMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var verdict = Session.Deferral.Add(transaction, message, delay);
        if (verdict == InboxVerdict.Duplicate)
            Session.Inbox.CountDuplicates(transaction, [message.Consumer]);

        return new(verdict);
    }

    public ValueTask RescheduleDeferredAsync(long id, TimeSpan delay, string error, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Session.Deferral.Reschedule(transaction, id, delay, error);
        return default;
    }

    public ValueTask RemoveDeferredAsync(long id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Session.Deferral.Remove(transaction, id);
        return default;
    }

    public ValueTask<IReadOnlySet<string>> FindDeferredKeysAsync(
        string consumer, IReadOnlyCollection<string> orderKeys, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Session.Deferral.Find(transaction, consumer, orderKeys));
    }

    public ValueTask AddDeadLetterAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Session.DeadLetters.Add(transaction, letter);
        return default;
    }

    public ValueTask RemoveFromInboxAsync(IReadOnlyList<InboxEntry> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Session.Inbox.Remove(transaction, entries);
        return default;
    }

    public ValueTask<DeadLetter?> TakeDeadLetterAsync(long id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Session.DeadLetters.Take(transaction, id));
    }

    public ValueTask AddDeadLetterActionAsync(DeadLetterAction action, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Session.DeadLetters.Add(transaction, action);
        return default;
    }

    public ValueTask AddReceiptsAsync(IReadOnlyList<Receipt> receipts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Session.Audit.Add(transaction, receipts);
        return default;
    }

    public ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var open = OpenTransaction;
        _batches.RequireNone();
        _state = State.CommitFailed;
        open.Commit();
        _state = State.Committed;
        return default;
    }

    public ValueTask DisposeAsync()
    {
        if (_state == State.Disposed)
            return default;

        if (gate is null)
        {
            _state = State.Disposed;
            session.EndStatements();
            return default;
        }

        var usable = _state == State.Committed || (_state == State.Open && TryRollback());
        _state = State.Disposed;
        gate.Leave(usable);
        return default;
    }

    // An error such as a full disk makes SQLite roll back by itself. What the connection is then worth is not known: it is closed, which also rolls back.
    private bool TryRollback()
    {
        try
        {
            if (session.Connection.Handle is not { } handle || raw.sqlite3_get_autocommit(handle) != 0)
                return false;

            transaction.Rollback();
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private InvalidOperationException Ended() => new(_state == State.CommitFailed
        ? "The commit of this unit of work failed, and its outcome is unknown: dispose it and begin another."
        : "This unit of work has ended: begin another.");
}
