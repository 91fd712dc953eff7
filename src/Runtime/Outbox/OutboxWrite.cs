namespace Reliability;

/// <summary>
/// Writes the rows of one transaction, and hands them to their holders once it has committed. Rows that find room are written leased to their
/// holder, which then needs no look into the store; the others are written free to be claimed.
/// </summary>
internal sealed class OutboxWrite
{
    private readonly List<Share> _shares = [];

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

    /// <summary>Commits the transaction that was written into, and hands the rows over.</summary>
    public async ValueTask CommitAsync(IUnitOfWork work, CancellationToken cancellationToken)
    {
        try
        {
            await work.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Abandon();
            throw;
        }

        Committed();
    }

    /// <summary>The transaction has committed.</summary>
    public void Committed()
    {
        foreach (var share in _shares)
        {
            if (share.Reserved)
            {
                share.Intake.Hand(share.Leased);
            }

            share.Wake();
        }
    }

    /// <summary>The transaction was rolled back, or nobody knows: the store decides.</summary>
    public void Abandon()
    {
        foreach (var share in _shares)
        {
            if (share.Reserved)
            {
                share.Intake.Cancel(share.Leased);
            }

            share.Wake();
        }
    }

    private async ValueTask AddAsync(IUnitOfWork work, IReadOnlyList<OutboxRow> rows, OutboxIntakes intakes, CancellationToken cancellationToken)
    {
        List<OutboxRow>? free = null;
        foreach (var row in rows)
        {
            if (intakes.Find(row) is not { } intake)
            {
                (free ??= []).Add(row);
                continue;
            }

            var share = ShareOf(intake);
            if (row.NotBefore is { } at)
            {
                share.DueAt = share.DueAt < at ? share.DueAt : at;
                (free ??= []).Add(row);
            }
            else if (intake.TakesFromMemory(row))
            {
                share.Leased.Add(row);
            }
            else
            {
                share.WakeAfter = true;
                (free ??= []).Add(row);
            }
        }

        foreach (var share in _shares)
        {
            if (share.Leased.Count == 0)
            {
                continue;
            }

            if (!share.Intake.TryReserve(share.Leased))
            {
                share.Spilled = true;
                (free ??= []).AddRange(share.Leased);
                continue;
            }

            share.Reserved = true;
            await work.AddToOutboxAsync(share.Leased, share.Intake.Lease, cancellationToken).ConfigureAwait(false);
        }

        if (free is not null)
        {
            await work.AddToOutboxAsync(free, lease: null, cancellationToken).ConfigureAwait(false);
        }
    }

    private Share ShareOf(OutboxIntake intake)
    {
        // One or two, as a rule.
        foreach (var share in _shares)
        {
            if (ReferenceEquals(share.Intake, intake))
            {
                return share;
            }
        }

        var added = new Share(intake);
        _shares.Add(added);
        return added;
    }

    /// <summary>The rows of one holder.</summary>
    private sealed class Share(OutboxIntake intake)
    {
        public OutboxIntake Intake { get; } = intake;

        public List<OutboxRow> Leased { get; } = [];

        public bool Reserved { get; set; }

        public bool Spilled { get; set; }

        public bool WakeAfter { get; set; }

        public DateTimeOffset? DueAt { get; set; }

        public void Wake()
        {
            if (Spilled)
            {
                Intake.Spilled();
            }
            else if (WakeAfter)
            {
                Intake.Wake();
            }

            if (DueAt is { } at)
            {
                Intake.ExpectAt(at);
            }
        }
    }
}
