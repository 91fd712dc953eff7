using System.Data.Common;

namespace Reliability;

/// <summary>Sends for code that is no handler.</summary>
internal sealed class Sender(IMessageStore store, HandlerCatalog catalog, OutboxIntakes intakes, TimeProvider time) : IReliability
{
    public async ValueTask<IWork> BeginAsync(CancellationToken cancellationToken = default) =>
        new Work(await store.BeginAsync(cancellationToken).ConfigureAwait(false), NewOutbox(), intakes);

    public IJoinedWork Join(DbTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return new JoinedWork(store.Join(transaction), NewOutbox(), intakes);
    }

    public ValueTask PublishAsync<TMessage>(
        DbTransaction transaction, TMessage message, PublishOptions? options = null, CancellationToken cancellationToken = default)
        where TMessage : notnull => PublishAllAsync(transaction, new Single<TMessage>(message), options, cancellationToken);

    public async ValueTask PublishAllAsync<TMessage>(
        DbTransaction transaction, IEnumerable<TMessage> messages, PublishOptions? options = null, CancellationToken cancellationToken = default)
        where TMessage : notnull
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var rows = Rows(messages, options);
        var work = store.Join(transaction);
        await using var leaving = work.ConfigureAwait(false);
        // Free to be claimed: when its owner commits, and whether, is not for us to see.
        await work.AddToOutboxAsync(rows, lease: null, cancellationToken).ConfigureAwait(false);
        foreach (var row in rows)
        {
            intakes.Find(row)?.WrittenUnseen();
        }
    }

    public ValueTask PublishAsync<TMessage>(TMessage message, PublishOptions? options = null, CancellationToken cancellationToken = default)
        where TMessage : notnull => PublishAllAsync(new Single<TMessage>(message), options, cancellationToken);

    public async ValueTask PublishAllAsync<TMessage>(IEnumerable<TMessage> messages, PublishOptions? options = null, CancellationToken cancellationToken = default)
        where TMessage : notnull
    {
        // Before the transaction: what is wrong with a message must not hold a connection.
        var rows = Rows(messages, options);
        if (rows.Count == 0)
        {
            return;
        }

        var work = await store.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var rollback = work.ConfigureAwait(false);
        var write = await OutboxWrite.WriteAsync(work, rows, intakes, cancellationToken).ConfigureAwait(false);
        await write.CommitAsync(work, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<MessageStatus?> FindAsync(string messageId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(messageId);
        return store.Audit.FindAsync(messageId, cancellationToken);
    }

    private IReadOnlyList<OutboxRow> Rows<TMessage>(IEnumerable<TMessage> messages, PublishOptions? options)
        where TMessage : notnull
    {
        ArgumentNullException.ThrowIfNull(messages);
        var outbox = NewOutbox();
        foreach (var message in messages)
        {
            if (options?.MessageId is not null && outbox.Rows.Count > 0)
            {
                throw new ArgumentException("PublishOptions.MessageId is set for several messages, which would make them one. Nothing was written; leave it out.", nameof(options));
            }

            outbox.Publish(message, options);
        }

        return outbox.Rows;
    }

    private OutboxCollector NewOutbox() => new(catalog, _ => MessageIds.New(time), time);

    /// <summary>One message as a sequence, without an array.</summary>
    private readonly struct Single<TMessage>(TMessage message) : IEnumerable<TMessage>
    {
        public IEnumerator<TMessage> GetEnumerator()
        {
            yield return message;
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
