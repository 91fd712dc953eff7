using System.Data;
using System.Data.Common;
using Npgsql;
using Reliability.Batches;
using Reliability.Connections;
using Reliability.Inbox;

namespace Reliability;

/// <summary>One transaction: of this store's on a connection of its pool, or someone else's that was joined.</summary>
/// <param name="transaction">The transaction.</param>
/// <param name="statements">The store's statements.</param>
/// <param name="joined">True where the transaction is someone else's.</param>
/// <param name="durably">True where the role's own commits would not be.</param>
internal sealed class PostgreSqlUnitOfWork(NpgsqlTransaction transaction, Statements statements, bool joined, bool durably) : IUnitOfWork
{
    // Each round either inserts a key or finds it; it could do neither only if another transaction removed it just in between.
    private const int MostRounds = 10;

    private enum State
    {
        Open,
        Committed,
        CommitFailed,
        Disposed,
    }

    private readonly NpgsqlConnection _connection = transaction.Connection!;
    private readonly WriteBuffer _buffer = new(transaction, defers: !joined);
    private readonly UnsentBatches _batches = new();
    private State _state;

    public DbConnection Connection => _state == State.Open ? _connection : throw Ended();

    public DbTransaction Transaction => _state == State.Open ? transaction : throw Ended();

    private WriteBuffer Buffer
    {
        get
        {
            if (_state != State.Open)
                throw Ended();

            // The driver would run the statement all the same: outside of any transaction, and kept at once.
            if (_connection.FullState.HasFlag(ConnectionState.Broken))
                throw new NpgsqlException("The connection of this transaction is lost, and the server rolls it back.");

            if (!JoinedTransaction.IsOpen(transaction))
                throw new InvalidOperationException("The transaction of this unit of work was committed or rolled back by someone else: begin another.");

            return _buffer;
        }
    }

    public DbBatch CreateBatch() => _state == State.Open ? _batches.Add(new UnsentBatch()) : throw Ended();

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _ = Buffer;
        cancellationToken.ThrowIfCancellationRequested();
        var commands = _batches.Take();
        if (commands.Count == 0)
            return;

        // Without the store's own writes that wait: an error is the commands'.
        await _connection.RunAsync(transaction, [.. commands.Cast<NpgsqlBatchCommand>()], cancellationToken).ConfigureAwait(false);
        if (!JoinedTransaction.IsOpen(transaction))
            throw new InvalidOperationException("A command in a batch committed or rolled back the transaction. Leave that to the runtime: it commits effects, inbox and outbox together.");
    }

    public async ValueTask<IReadOnlyList<InboxVerdict>> AddToInboxAsync(IReadOnlyList<InboxEntry> entries, CancellationToken cancellationToken)
    {
        var buffer = Buffer;
        if (entries.Count == 0)
            return [];

        var group = new InboxGroup(entries, statements.Consumers);
        for (var round = 0; group.IsOpen; round++)
        {
            if (round == MostRounds)
                throw new InvalidOperationException($"{group.Open.Count} operations could neither be recorded as handled nor found among those that are. Nothing was kept; the messages come again.");

            foreach (var key in await buffer.RowsAsync(statements.Inbox.Insert(group.Open), InboxStatements.ReadKey, cancellationToken).ConfigureAwait(false))
                group.Inserted(key);

            if (!group.IsOpen)
                break;

            // A statement of its own: it sees what the insert waited for.
            foreach (var (key, fingerprint) in await buffer.RowsAsync(statements.Inbox.Select(group.Open), InboxStatements.ReadRow, cancellationToken).ConfigureAwait(false))
                group.Found(key, fingerprint);

            if (!group.IsOpen)
                break;

            foreach (var key in await buffer.RowsAsync(statements.Inbox.SelectWaiting(group.Open), InboxStatements.ReadKey, cancellationToken).ConfigureAwait(false))
                group.Waits(key);
        }

        var verdicts = group.Verdicts(out var duplicates);
        if (duplicates.Count > 0)
            await buffer.WriteAsync(statements.Inbox.CountDuplicates(duplicates), cancellationToken).ConfigureAwait(false);

        return verdicts;
    }

    public ValueTask RemoveFromInboxAsync(IReadOnlyList<InboxEntry> entries, CancellationToken cancellationToken)
    {
        var buffer = Buffer;
        return entries.Count == 0
            ? default
            : buffer.WriteAsync(statements.Inbox.Remove(new InboxGroup(entries, statements.Consumers).Open), cancellationToken);
    }

    public async ValueTask<IReadOnlyList<InboxVerdict>> TakePositionsAsync(IReadOnlyList<PositionEntry> entries, CancellationToken cancellationToken)
    {
        var buffer = Buffer;
        if (entries.Count == 0)
            return [];

        var group = new PositionGroup(entries);
        var before = await buffer.InsertAsync(statements.Positions.Move(group.Furthest), statements.Positions.ReadBefore, cancellationToken).ConfigureAwait(false);
        var verdicts = group.Verdicts(before.Where(row => row.Last is not null).ToDictionary(row => row.Key, row => row.Last!.Value));
        var duplicates = entries.Where((_, index) => verdicts[index] == InboxVerdict.Duplicate).GroupBy(entry => statements.Consumers.Of(entry.Consumer))
            .ToDictionary(same => same.Key, same => same.LongCount());
        if (duplicates.Count > 0)
            await buffer.WriteAsync(statements.Inbox.CountDuplicates(duplicates), cancellationToken).ConfigureAwait(false);

        return verdicts;
    }

    public async ValueTask AddToOutboxAsync(IReadOnlyList<OutboxRow> rows, Lease? lease, CancellationToken cancellationToken)
    {
        var buffer = Buffer;
        if (rows.Count == 0)
            return;

        if (lease is null)
        {
            foreach (var news in NewsOf(rows))
                await buffer.WriteAsync(statements.Outbox.Notify(news), cancellationToken).ConfigureAwait(false);
        }

        var ids = await buffer.InsertAsync(statements.Outbox.Insert(rows, lease), row => row.GetInt64(0), cancellationToken).ConfigureAwait(false);
        // Drawn one after another in the order of the rows, and within one session a sequence only grows.
        ids.Sort();
        for (var i = 0; i < rows.Count; i++)
            rows[i].Id = ids[i];
    }

    public ValueTask RemoveFromOutboxAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var buffer = Buffer;
        return ids.Count == 0 ? default : buffer.WriteAsync(statements.Outbox.Remove(ids), cancellationToken);
    }

    public async ValueTask<InboxVerdict> DeferAsync(DeferredMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        var buffer = Buffer;
        for (var round = 0; round < MostRounds; round++)
        {
            var kept = await buffer.RowsAsync(statements.Deferral.Insert(message, delay), _ => true, cancellationToken).ConfigureAwait(false);
            if (kept.Count > 0)
                return InboxVerdict.New;

            var same = await buffer.RowsAsync(statements.Deferral.IsSameBody(message), row => row.GetBoolean(0), cancellationToken).ConfigureAwait(false);
            if (same is [false])
                return InboxVerdict.Conflict;

            if (same is [true])
            {
                var one = new Dictionary<int, long> { [statements.Consumers.Of(message.Consumer)] = 1 };
                await buffer.WriteAsync(statements.Inbox.CountDuplicates(one), cancellationToken).ConfigureAwait(false);
                return InboxVerdict.Duplicate;
            }
        }

        throw new InvalidOperationException($"The message {message.Envelope.MessageId} of {message.Consumer} could neither be deferred nor found among those that are. Nothing was kept; it comes again.");
    }

    public ValueTask RescheduleDeferredAsync(long id, TimeSpan delay, string error, CancellationToken cancellationToken) =>
        Buffer.WriteAsync(statements.Deferral.Reschedule(id, delay, error), cancellationToken);

    public async ValueTask RemoveDeferredAsync(long id, CancellationToken cancellationToken)
    {
        var buffer = Buffer;
        var removed = await buffer.RowsAsync(
            statements.Deferral.Remove(id), row => (Consumer: row.GetInt32(0), OrderHash: row.IsDBNull(1) ? (Guid?)null : row.GetGuid(1)), cancellationToken).ConfigureAwait(false);
        if (removed is [{ OrderHash: { } orderHash } message])
            await buffer.WriteAsync(statements.Deferral.Promote(message.Consumer, orderHash), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlySet<string>> FindDeferredKeysAsync(
        string consumer, IReadOnlyCollection<string> orderKeys, CancellationToken cancellationToken)
    {
        var buffer = Buffer;
        return orderKeys.Count == 0
            ? new HashSet<string>(StringComparer.Ordinal)
            : (await buffer.RowsAsync(statements.Deferral.FindOrderKeys(consumer, orderKeys), row => row.Text(0)!, cancellationToken).ConfigureAwait(false))
                .ToHashSet(StringComparer.Ordinal);
    }

    public ValueTask AddDeadLetterAsync(DeadLetter letter, CancellationToken cancellationToken) =>
        Buffer.WriteAsync(statements.DeadLetters.Insert(letter), cancellationToken);

    public async ValueTask<DeadLetter?> TakeDeadLetterAsync(long id, CancellationToken cancellationToken) =>
        (await Buffer.RowsAsync(statements.DeadLetters.Take(id), DeadLetters.DeadLetterStatements.Read, cancellationToken).ConfigureAwait(false)).SingleOrDefault();

    public ValueTask AddDeadLetterActionAsync(DeadLetterAction action, CancellationToken cancellationToken) =>
        Buffer.WriteAsync(statements.DeadLetters.Insert(action), cancellationToken);

    public ValueTask AddReceiptsAsync(IReadOnlyList<Receipt> receipts, CancellationToken cancellationToken)
    {
        var buffer = Buffer;
        return receipts.Count == 0 ? default : buffer.WriteAsync(statements.Audit.InsertReceipts(receipts), cancellationToken);
    }

    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        var buffer = Buffer;
        cancellationToken.ThrowIfCancellationRequested();
        _batches.RequireNone();
        _state = State.CommitFailed;
        await buffer.CommitAsync(durably, cancellationToken).ConfigureAwait(false);
        _state = State.Committed;
    }

    public async ValueTask DisposeAsync()
    {
        if (_state == State.Disposed)
            return;

        _state = State.Disposed;
        if (joined)
            return;

        try
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // The connection is lost, and the server rolls back by itself.
        }
        finally
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static IEnumerable<OutboxNews> NewsOf(IReadOnlyList<OutboxRow> rows) => rows.Where(row => row.NotBefore is null)
        .GroupBy(row => row.Transport, row => row.Route, StringComparer.Ordinal)
        .Select(routes => new OutboxNews(routes.Key, routes.Distinct(StringComparer.Ordinal).Take(2).ToList() is [var only] ? only : ""));

    private InvalidOperationException Ended() => new(_state == State.CommitFailed
        ? "The commit of this unit of work failed, and its outcome is unknown: dispose it and begin another."
        : "This unit of work has ended: begin another.");
}
