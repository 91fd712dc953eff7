using System.Data.Common;

namespace Reliability;

/// <summary>Opens units of work for code that is no handler.</summary>
internal sealed class Sender(IMessageStore store, HandlerCatalog catalog, OutboxIntakes intakes, TimeProvider time) : IReliability
{
    public async ValueTask<IWork> BeginAsync(CancellationToken cancellationToken = default) =>
        new Work(
            await store.BeginAsync(cancellationToken).ConfigureAwait(false),
            new OutboxCollector(catalog, _ => MessageIds.New(time), time),
            intakes);

    private sealed class Work(IUnitOfWork work, OutboxCollector outbox, OutboxIntakes intakes) : IWork
    {
        public DbConnection Connection => work.Connection;

        public DbTransaction Transaction => work.Transaction;

        public IOutbox Outbox => outbox;

        public async ValueTask CommitAsync(CancellationToken cancellationToken = default)
        {
            var write = await OutboxWrite.WriteAsync(work, outbox.Rows, intakes, cancellationToken).ConfigureAwait(false);
            try
            {
                await work.CommitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                write.Abandon();
                throw;
            }

            write.Committed();
        }

        public ValueTask DisposeAsync() => work.DisposeAsync();
    }
}
