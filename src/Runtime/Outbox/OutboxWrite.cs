namespace Reliability;

/// <summary>
/// Writes the rows of one transaction, and hands them to their holders once it has committed. Rows that find room are written leased to their
/// holder, which then needs no look into the store; the others are written free to be claimed.
/// </summary>
internal sealed class OutboxWrite
{
    private readonly List<(OutboxIntake Intake, List<OutboxRow> Rows)> _reserved = [];
    private readonly List<OutboxIntake> _spilled = [];

    private OutboxWrite()
    {
    }

    public static async ValueTask<OutboxWrite> WriteAsync(
        IUnitOfWork work, IReadOnlyList<OutboxRow> rows, OutboxIntakes intakes, CancellationToken cancellationToken)
    {
        var write = new OutboxWrite();
        try
        {
            await write.AddAsync(work, rows, intakes, cancellationToken).ConfigureAwait(false);
            return write;
        }
        catch
        {
            write.Abandon();
            throw;
        }
    }

    /// <summary>The transaction has committed.</summary>
    public void Committed()
    {
        foreach (var (intake, rows) in _reserved)
        {
            intake.Hand(rows);
        }

        _spilled.ForEach(intake => intake.Spilled());
    }

    /// <summary>The transaction was rolled back, or nobody knows: the store decides.</summary>
    public void Abandon()
    {
        foreach (var (intake, rows) in _reserved)
        {
            intake.Cancel(rows.Count);
        }

        _spilled.ForEach(intake => intake.Spilled());
    }

    private async ValueTask AddAsync(IUnitOfWork work, IReadOnlyList<OutboxRow> rows, OutboxIntakes intakes, CancellationToken cancellationToken)
    {
        var free = new List<OutboxRow>();
        foreach (var group in rows.GroupBy(intakes.Find))
        {
            var now = group.Where(row => row.NotBefore is null).ToList();
            if (group.Key is { } intake && now.Count > 0 && intake.TryReserve(now.Count))
            {
                _reserved.Add((intake, now));
                await work.AddToOutboxAsync(now, intake.Lease, cancellationToken).ConfigureAwait(false);
                free.AddRange(group.Where(row => row.NotBefore is not null));
                continue;
            }

            if (group.Key is { } full && now.Count > 0)
            {
                _spilled.Add(full);
            }

            free.AddRange(group);
        }

        if (free.Count > 0)
        {
            await work.AddToOutboxAsync(free, lease: null, cancellationToken).ConfigureAwait(false);
        }
    }
}
