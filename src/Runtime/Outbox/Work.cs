using System.Data.Common;

namespace Reliability;

/// <summary>A transaction of ours with an outbox.</summary>
internal sealed class Work(IUnitOfWork work, OutboxCollector outbox, OutboxIntakes intakes) : IWork
{
    public DbConnection Connection => work.Connection;

    public DbTransaction Transaction => work.Transaction;

    public IOutbox Outbox => outbox;

    public async ValueTask CommitAsync(CancellationToken cancellationToken = default)
    {
        outbox.End("The unit of work was committed before.");
        var write = await OutboxWrite.WriteAsync(work, outbox.Take(), intakes, cancellationToken).ConfigureAwait(false);
        await write.CommitAsync(work, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        outbox.End("The unit of work was disposed before.");
        return work.DisposeAsync();
    }
}
