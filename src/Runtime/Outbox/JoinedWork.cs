using System.Data.Common;

namespace Reliability;

/// <summary>An outbox over someone else's transaction.</summary>
internal sealed class JoinedWork(IUnitOfWork work, OutboxCollector outbox, OutboxIntakes intakes) : IJoinedWork
{
    private readonly List<OutboxWrite> _written = [];
    private bool _ended;

    public DbConnection Connection => work.Connection;

    public DbTransaction Transaction => work.Transaction;

    public IOutbox Outbox => outbox;

    public async ValueTask WriteAsync(CancellationToken cancellationToken = default)
    {
        RequireOpen();
        if (outbox.Rows.Count > 0)
        {
            _written.Add(await OutboxWrite.WriteAsync(work, outbox.Take(), intakes, cancellationToken).ConfigureAwait(false));
        }
    }

    public async ValueTask CommitAsync(CancellationToken cancellationToken = default)
    {
        await WriteAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await work.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            RolledBack();
            throw;
        }

        Committed();
    }

    public void Committed()
    {
        RequireOpen();
        End("The transaction was committed before.");
        _written.ForEach(write => write.Committed());
        if (outbox.Rows.Count > 0)
        {
            throw new InvalidOperationException(
                $"The transaction was committed without {outbox.Rows.Count} published messages, which are lost: call WriteAsync after the last Publish and before the commit.");
        }
    }

    public void RolledBack()
    {
        if (!_ended)
        {
            End("The transaction was rolled back before.");
            _written.ForEach(write => write.Abandon());
        }
    }

    public ValueTask DisposeAsync()
    {
        RolledBack();
        return work.DisposeAsync();
    }

    private void End(string why)
    {
        _ended = true;
        outbox.End(why);
    }

    private void RequireOpen()
    {
        if (_ended)
        {
            throw new InvalidOperationException("This work has ended: its transaction was committed or rolled back, or it was disposed. Join the next transaction.");
        }
    }
}
