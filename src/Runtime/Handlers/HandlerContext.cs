using System.Data.Common;

namespace Reliability;

/// <summary>What a generated wrapper is given to call the user's method with.</summary>
public sealed class HandlerContext
{
    internal HandlerContext(IUnitOfWork work, IOutbox outbox, MessageContext message, IServiceProvider services, CancellationToken cancellationToken)
    {
        Work = work;
        Outbox = outbox;
        Message = message;
        Services = services;
        CancellationToken = cancellationToken;
    }

    /// <summary>The unit of work in which the handler's effects, its inbox row and its outgoing messages commit together.</summary>
    public IUnitOfWork Work { get; }

    /// <summary>The transaction of <see cref="Work"/>.</summary>
    public DbTransaction Transaction => Work.Transaction;

    /// <summary>The connection of <see cref="Work"/>.</summary>
    public DbConnection Connection => Work.Connection;

    /// <summary>Takes messages that leave after, and only if, the transaction commits.</summary>
    public IOutbox Outbox { get; }

    /// <summary>The message's id, headers, source and attempt.</summary>
    public MessageContext Message { get; }

    /// <summary>The services of this message's scope.</summary>
    public IServiceProvider Services { get; }

    /// <summary>Cancelled when the host stops and its time to finish is over.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The transaction as the driver's own type.</summary>
    /// <exception cref="InvalidOperationException">The configured store uses another driver.</exception>
    public T TransactionAs<T>()
        where T : DbTransaction => Transaction as T ?? throw WrongDriver(typeof(T), Transaction.GetType());

    /// <summary>The connection as the driver's own type.</summary>
    /// <exception cref="InvalidOperationException">The configured store uses another driver.</exception>
    public T ConnectionAs<T>()
        where T : DbConnection => Connection as T ?? throw WrongDriver(typeof(T), Connection.GetType());

    private static InvalidOperationException WrongDriver(Type asked, Type given) =>
        new($"The handler asks for a {asked.Name}, but the configured store gives a {given.Name}. Take the base type in System.Data.Common, or configure the store of that driver.");
}
