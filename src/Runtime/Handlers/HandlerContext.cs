using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;

namespace Reliability;

/// <summary>What a generated wrapper is given to call the user's method with.</summary>
public sealed class HandlerContext
{
    private readonly ReceivedMessage _message;
    private readonly HandlerParts _parts;
    private MessageContext? _context;
    private OutboxCollector? _outbox;
    private AsyncServiceScope? _scope;
    private DbBatch? _batch;

    // What a handler does not ask for is not made.
    internal HandlerContext(IUnitOfWork work, ReceivedMessage message, HandlerParts parts, CancellationToken cancellationToken)
    {
        (Work, _message, _parts, CancellationToken) = (work, message, parts, cancellationToken);
    }

    /// <summary>The unit of work in which the handler's effects, its inbox row and its outgoing messages commit together.</summary>
    public IUnitOfWork Work { get; }

    /// <summary>The transaction of <see cref="Work"/>.</summary>
    public DbTransaction Transaction => Work.Transaction;

    /// <summary>The connection of <see cref="Work"/>.</summary>
    public DbConnection Connection => Work.Connection;

    /// <summary>
    /// Takes commands that travel with those of the whole group, before its commit. Only add commands; see <see cref="IUnitOfWork.CreateBatch"/>.
    /// For wrappers whose <see cref="MessageHandler.TakesBatch"/> is true.
    /// </summary>
    public DbBatch Batch => _batch ??= Work.CreateBatch();

    /// <summary>Takes messages that leave after, and only if, the transaction commits.</summary>
    public IOutbox Outbox => _outbox ??= new OutboxCollector(
        _parts.Catalog, ordinal => MessageIds.Derived(_message.Handler!.Name, _message.Content.DedupeKey, ordinal), _parts.Time);

    /// <summary>The message's id, headers, source and attempt.</summary>
    public MessageContext Message => _context ??= _message.Context;

    /// <summary>The services of this message's scope.</summary>
    public IServiceProvider Services => (_scope ??= _parts.Scopes.CreateAsyncScope()).ServiceProvider;

    /// <summary>Cancelled when the handler has taken longer than it may, or the host stops and its time to finish is over.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The transaction as the driver's own type.</summary>
    /// <exception cref="InvalidOperationException">The configured store uses another driver.</exception>
    public T TransactionAs<T>()
        where T : DbTransaction => Transaction as T ?? throw WrongDriver(typeof(T), Transaction.GetType());

    /// <summary>The connection as the driver's own type.</summary>
    /// <exception cref="InvalidOperationException">The configured store uses another driver.</exception>
    public T ConnectionAs<T>()
        where T : DbConnection => Connection as T ?? throw WrongDriver(typeof(T), Connection.GetType());

    /// <summary>The batch as the driver's own type.</summary>
    /// <exception cref="InvalidOperationException">The configured store uses another driver.</exception>
    public T BatchAs<T>()
        where T : DbBatch => Batch as T ?? throw WrongDriver(typeof(T), Batch.GetType());

    /// <summary>The messages that the handler gave to <see cref="Outbox"/>.</summary>
    internal IReadOnlyList<OutboxRow> Sent => _outbox?.Rows ?? [];

    /// <summary>Ends the scope of <see cref="Services"/>, where there is one.</summary>
    internal ValueTask DisposeAsync() => _scope is { } scope ? scope.DisposeAsync() : ValueTask.CompletedTask;

    private static InvalidOperationException WrongDriver(Type asked, Type given) =>
        new($"The handler asks for a {asked.Name}, but the configured store gives a {given.Name}. Take the base type in System.Data.Common, or configure the store of that driver.");
}
