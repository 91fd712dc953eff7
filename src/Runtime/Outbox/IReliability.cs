using System.Data.Common;

namespace Reliability;

/// <summary>Sends messages from code that is no handler, together with its database changes.</summary>
public interface IReliability
{
    /// <summary>Opens a transaction whose outgoing messages leave after, and only if, it commits.</summary>
    ValueTask<IWork> BeginAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets messages leave with a transaction that is already open on the store's database. Commit it by <see cref="IWork.CommitAsync"/>; or, where someone else
    /// commits it, call <see cref="IJoinedWork.WriteAsync"/> just before and <see cref="IJoinedWork.Committed"/> just after.
    /// </summary>
    /// <exception cref="InvalidOperationException">The transaction has ended, is another driver's, or is open on another database than the store's.</exception>
    IJoinedWork Join(DbTransaction transaction);

    /// <summary>
    /// Writes a message into an open transaction on the store's database, at once. It leaves after its owner has committed it: the store tells the relay where it
    /// can, else a search finds it (<see cref="RelayOptions.PollInterval"/>).
    /// </summary>
    /// <exception cref="InvalidOperationException">As of <see cref="Join"/> and <see cref="IOutbox.Publish"/>.</exception>
    ValueTask PublishAsync<TMessage>(DbTransaction transaction, TMessage message, PublishOptions? options = null, CancellationToken cancellationToken = default)
        where TMessage : notnull;

    /// <summary>As <see cref="PublishAsync{TMessage}(DbTransaction, TMessage, PublishOptions?, CancellationToken)"/>, several messages in one statement.</summary>
    ValueTask PublishAllAsync<TMessage>(
        DbTransaction transaction, IEnumerable<TMessage> messages, PublishOptions? options = null, CancellationToken cancellationToken = default)
        where TMessage : notnull;

    /// <summary>Writes a message in a transaction of its own: for code that changes no data with it. When it returns, the message is kept and will be sent.</summary>
    /// <exception cref="InvalidOperationException">As of <see cref="IOutbox.Publish"/>.</exception>
    ValueTask PublishAsync<TMessage>(TMessage message, PublishOptions? options = null, CancellationToken cancellationToken = default)
        where TMessage : notnull;

    /// <summary>As <see cref="PublishAsync{TMessage}(TMessage, PublishOptions?, CancellationToken)"/>, several messages in one transaction: all or none.</summary>
    ValueTask PublishAllAsync<TMessage>(IEnumerable<TMessage> messages, PublishOptions? options = null, CancellationToken cancellationToken = default)
        where TMessage : notnull;

    /// <summary>
    /// Where a message is: waiting to be sent, sent, a dead letter, handled. Null where nothing is known of it. What has left, and what handlers made of it, is known
    /// only where <see cref="ReliabilityOptions.Audit"/> is on, and of handlers only those on the same store.
    /// </summary>
    /// <param name="messageId">The message's id, such as <see cref="PublishOptions.MessageId"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<MessageStatus?> FindAsync(string messageId, CancellationToken cancellationToken = default);
}

/// <summary>A transaction with an outbox. Disposed without a commit, it is rolled back and nothing is sent.</summary>
public interface IWork : IAsyncDisposable
{
    /// <summary>The open connection, for business statements.</summary>
    DbConnection Connection { get; }

    /// <summary>The open transaction, for business statements.</summary>
    DbTransaction Transaction { get; }

    /// <summary>Takes the messages.</summary>
    IOutbox Outbox { get; }

    /// <summary>Commits the business changes and the messages together. Where this throws, the outcome is unknown, and ids make a repeat harmless.</summary>
    /// <exception cref="InvalidOperationException">It has ended before.</exception>
    ValueTask CommitAsync(CancellationToken cancellationToken = default);
}

/// <summary>
/// An outbox over a transaction that someone else opened, and may commit: the seam for object mappers. Disposing it ends neither the transaction nor the
/// connection. Not for several threads at once.
/// </summary>
public interface IJoinedWork : IWork
{
    /// <summary>
    /// Writes what was published since the last call into the transaction. Call it just before the transaction is committed by its owner, then say how that ended, by
    /// <see cref="Committed"/> or <see cref="RolledBack"/>: the rows are reserved for this process's relay, which learns of them by that call. If it never comes (the
    /// commit threw, so that nobody knows), they are sent when their lease has ended (<see cref="RelayOptions.Lease"/>), if they are there.
    /// </summary>
    ValueTask WriteAsync(CancellationToken cancellationToken = default);

    /// <summary>The transaction has committed: the rows leave now, from memory.</summary>
    /// <exception cref="InvalidOperationException">Messages were published that <see cref="WriteAsync"/> has not written: they are lost.</exception>
    void Committed();

    /// <summary>The transaction was rolled back, or nobody knows: the store decides.</summary>
    void RolledBack();
}
