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

    /// <summary>
    /// Creates or upgrades the tables, takes whatever lock the store needs, and learns the consumers' numbers. A store that one process at a time uses
    /// ends the leases that a dead one left. Safe to call again, after a failure and after success.
    /// </summary>
    /// <param name="consumers">The names of this process's handlers.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="StoreException">The store cannot be used as it is configured: waiting would not help.</exception>
    ValueTask StartAsync(IReadOnlyCollection<string> consumers, CancellationToken cancellationToken);

    /// <summary>Opens a transaction.</summary>
    ValueTask<IUnitOfWork> BeginAsync(CancellationToken cancellationToken);

    /// <summary>True where the error means that the database is away, busy or closing, not that a statement is wrong: waiting may help.</summary>
    bool IsUnavailable(Exception error);
}

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
