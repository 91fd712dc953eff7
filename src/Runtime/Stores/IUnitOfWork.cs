using System.Data.Common;

namespace Reliability;

/// <summary>One transaction: what is written through it is kept together or not at all. Disposed without a commit, it is rolled back.</summary>
public interface IUnitOfWork : IAsyncDisposable
{
    /// <summary>The open connection.</summary>
    DbConnection Connection { get; }

    /// <summary>The open transaction. Never commit or roll it back yourself.</summary>
    DbTransaction Transaction { get; }

    /// <summary>
    /// An empty batch, to add commands to that <see cref="FlushAsync"/> sends. Only add commands: it is on no connection, so executing it fails, and it belongs
    /// to this unit of work, so never give it a connection or transaction, nor one command or parameter to two of them. Values are read when they are sent.
    /// </summary>
    DbBatch CreateBatch();

    /// <summary>
    /// Sends the commands of all batches in one round trip, in the order in which the batches were made; nothing where there are none. Afterwards the batches are
    /// empty and can be filled again.
    /// </summary>
    /// <exception cref="InvalidOperationException">A batch was given a connection, a command or parameter was added twice, or a command ended the transaction.</exception>
    /// <exception cref="DbException">A command failed: dispose the unit of work.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Records that messages are handled, in one statement or one prepared pass, and says which are new. Entries that repeat within the call are
    /// duplicates from the second on. Duplicates are counted (see <see cref="IInboxTable.CountAsync"/>). An operation that waits for its next attempt is not
    /// recorded, unless the entry says that it is that attempt (<see cref="InboxEntry.DeferredAs"/>).
    /// </summary>
    /// <returns>A verdict for each entry, in the same order.</returns>
    ValueTask<IReadOnlyList<InboxVerdict>> AddToInboxAsync(IReadOnlyList<InboxEntry> entries, CancellationToken cancellationToken);

    /// <summary>Forgets that messages were handled, so that they can be handled again. Entries that are not there are passed over.</summary>
    ValueTask RemoveFromInboxAsync(IReadOnlyList<InboxEntry> entries, CancellationToken cancellationToken);

    /// <summary>
    /// Takes records by their positions instead of the inbox, in one statement or one prepared pass: says which lie ahead of what their handler has taken of that log,
    /// and moves the handler's position there, never back. Entries of one log must come in its order, and none may be left out that has not been taken: whatever lies
    /// before a position counts as taken. Another transaction that takes of the same log for the same handler waits for the end of this one. Duplicates are counted.
    /// </summary>
    /// <returns><see cref="InboxVerdict.New"/> or <see cref="InboxVerdict.Duplicate"/> for each entry, in the same order.</returns>
    ValueTask<IReadOnlyList<InboxVerdict>> TakePositionsAsync(IReadOnlyList<PositionEntry> entries, CancellationToken cancellationToken);

    /// <summary>Adds outgoing messages, and sets each row's <see cref="OutboxRow.Id"/>.</summary>
    /// <param name="rows">The messages.</param>
    /// <param name="lease">
    /// The sender that gets the rows in memory after the commit, so that no other claims them meanwhile; null: free to be claimed. A row whose
    /// <see cref="OutboxRow.NotBefore"/> lies ahead is leased to no one: it is claimed at its time, so keep none of those in memory.
    /// After the commit, <see cref="IMessageStore.Listen"/> tells of rows that are free at once.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask AddToOutboxAsync(IReadOnlyList<OutboxRow> rows, Lease? lease, CancellationToken cancellationToken);

    /// <summary>Removes rows that were handled in place (the local transport's deliveries) or that became dead letters.</summary>
    ValueTask RemoveFromOutboxAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken);

    /// <summary>Keeps a message to be tried later, unless one of that consumer and dedupe key is deferred already.</summary>
    /// <returns>
    /// <see cref="InboxVerdict.New"/>: it is kept. <see cref="InboxVerdict.Duplicate"/>: the same body is deferred already, and this delivery is counted as
    /// a duplicate. <see cref="InboxVerdict.Conflict"/>: another body is; this one is not kept.
    /// </returns>
    ValueTask<InboxVerdict> DeferAsync(DeferredMessage message, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Sets when a deferred message is tried again, and why it failed.</summary>
    ValueTask RescheduleDeferredAsync(long id, TimeSpan delay, string error, CancellationToken cancellationToken);

    /// <summary>Removes a deferred message that was handled or became a dead letter.</summary>
    ValueTask RemoveDeferredAsync(long id, CancellationToken cancellationToken);

    /// <summary>Which of these order keys have a deferred message of this consumer: later messages of such a key wait behind it.</summary>
    ValueTask<IReadOnlySet<string>> FindDeferredKeysAsync(string consumer, IReadOnlyCollection<string> orderKeys, CancellationToken cancellationToken);

    /// <summary>Keeps a message that could not be handled or sent. The same message (key or id, and body) for the same handler, kept twice, is kept once.</summary>
    ValueTask AddDeadLetterAsync(DeadLetter letter, CancellationToken cancellationToken);

    /// <summary>Removes a dead letter and gives it back; null where it is gone: someone else was first.</summary>
    ValueTask<DeadLetter?> TakeDeadLetterAsync(long id, CancellationToken cancellationToken);

    /// <summary>Records what a person did with a dead letter.</summary>
    ValueTask AddDeadLetterActionAsync(DeadLetterAction action, CancellationToken cancellationToken);

    /// <summary>Records what became of messages at their handlers. The last record of a message and handler stands.</summary>
    ValueTask AddReceiptsAsync(IReadOnlyList<Receipt> receipts, CancellationToken cancellationToken);

    /// <summary>Commits. Where this throws, the outcome is unknown: never assume either way.</summary>
    /// <exception cref="InvalidOperationException">Commands of a batch were not sent; nothing is committed.</exception>
    ValueTask CommitAsync(CancellationToken cancellationToken);
}

/// <summary>Who holds rows, and for how long.</summary>
/// <param name="Owner">The holder: a process's relay or subscription.</param>
/// <param name="Duration">How long, from now. Then others may claim the rows.</param>
public readonly record struct Lease(string Owner, TimeSpan Duration);
