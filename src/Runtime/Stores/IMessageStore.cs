using System.Data.Common;

namespace Reliability;

/// <summary>
/// What a database must offer: units of work for handlers, and the tables that outlive them. A store knows no broker. Times are the store's own
/// clock's; callers give durations. Every method may throw what the driver throws; <see cref="IsUnavailable"/> tells whether the database was away.
/// </summary>
public interface IMessageStore : IAsyncDisposable
{
    /// <summary>What it is, for logs and errors: the kind and the place, never credentials.</summary>
    string Description { get; }

    /// <summary>Outbox rows outside of units of work.</summary>
    IOutboxTable Outbox { get; }

    /// <summary>Deferred messages outside of units of work.</summary>
    IDeferralTable Deferral { get; }

    /// <summary>Dead letters outside of units of work.</summary>
    IDeadLetterTable DeadLetters { get; }

    /// <summary>Handled messages outside of units of work.</summary>
    IInboxTable Inbox { get; }

    /// <summary>How far handlers have come in logs, where they dedupe by position.</summary>
    IPositionTable Positions { get; }

    /// <summary>What became of messages, where <see cref="ReliabilityOptions.Audit"/> is on.</summary>
    IAuditTable Audit { get; }

    /// <summary>Duties that one process at a time has.</summary>
    ILeaseTable Leases { get; }

    /// <summary>The tables themselves.</summary>
    IStoreSchema Schema { get; }

    /// <summary>True where only one process at a time may use the database; what is in its memory is then all there is.</summary>
    bool IsExclusive { get; }

    /// <summary>How many units of work get on side by side; 1 where they wait for each other anyway.</summary>
    int Parallelism { get; }

    /// <summary>
    /// Creates or upgrades the tables, takes whatever lock the store needs, and learns the consumers' numbers. A store that one process at a time uses
    /// ends the leases that a dead one left. Safe to call again, after a failure and after success.
    /// </summary>
    /// <param name="consumers">This process's handlers.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="StoreException">The store cannot be used as it is configured: waiting would not help.</exception>
    ValueTask StartAsync(IReadOnlyCollection<ConsumerRegistration> consumers, CancellationToken cancellationToken);

    /// <summary>
    /// Opens the tables as they are, to look at them and mend them beside the processes that use them: creates nothing, keeps no lock, ends no lease.
    /// Instead of <see cref="StartAsync"/>; every consumer that the tables know is known.
    /// </summary>
    /// <exception cref="StoreException">The tables are missing, or older or newer than this package.</exception>
    ValueTask AttachAsync(CancellationToken cancellationToken);

    /// <summary>Opens a transaction.</summary>
    ValueTask<IUnitOfWork> BeginAsync(CancellationToken cancellationToken);

    /// <summary>
    /// A unit of work on a transaction that is someone else's. Its commit commits that transaction; disposing it neither rolls back nor closes anything, so
    /// whoever opened the transaction may also commit it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The transaction has ended, is another driver's, or is open on another database than this store's.</exception>
    IUnitOfWork Join(DbTransaction transaction);

    /// <summary>
    /// Calls <paramref name="wake"/> when another process (or a joined transaction) has committed rows that are free to be claimed. A hint: calls may be
    /// lost while a connection is, so claiming by time goes on. A store without such news never calls.
    /// </summary>
    /// <returns>Ends the calls.</returns>
    IDisposable Listen(Action<OutboxNews> wake);

    /// <summary>True where the error means that the database is away, busy or closing, not that a statement is wrong: waiting may help.</summary>
    bool IsUnavailable(Exception error);
}

/// <summary>A handler as the store knows it.</summary>
/// <param name="Name">Its name. Handled messages are remembered under it.</param>
/// <param name="FormerNames">
/// Names it had before. Where the store knows one of them and not <paramref name="Name"/>, what is remembered and deferred under it becomes the new name's.
/// </param>
public readonly record struct ConsumerRegistration(string Name, IReadOnlyList<string> FormerNames);

/// <summary>Rows were committed that are free to be claimed.</summary>
/// <param name="Transport">By which they leave.</param>
/// <param name="Route">Where to; empty where they go several ways.</param>
public readonly record struct OutboxNews(string Transport, string Route);

/// <summary>The store cannot be used as it is configured: a newer schema, another instance on the same file, no permission.</summary>
public sealed class StoreException : Exception
{
    /// <summary>Says what is wrong and what to do.</summary>
    public StoreException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong and what to do.</summary>
    public StoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A store error without a text.</summary>
    public StoreException()
    {
    }
}
