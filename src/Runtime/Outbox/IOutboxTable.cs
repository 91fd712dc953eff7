namespace Reliability;

/// <summary>Outbox rows, outside of units of work.</summary>
public interface IOutboxTable
{
    /// <summary>
    /// Leases rows that are due and that nobody holds, oldest first. A row whose holder's lease has ended is due, and said to be
    /// <see cref="OutboxRow.Abandoned"/>.
    /// </summary>
    ValueTask<IReadOnlyList<OutboxRow>> ClaimAsync(OutboxClaim claim, CancellationToken cancellationToken);

    /// <summary>Removes rows that a broker confirmed, or that were handled in place after their commit.</summary>
    /// <param name="ids">The rows. Those that are gone are passed over.</param>
    /// <param name="audit">True: that they were sent is kept, without their bodies, for <see cref="IAuditTable"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask RemoveAsync(IReadOnlyList<long> ids, bool audit, CancellationToken cancellationToken);

    /// <summary>
    /// Counts a failed attempt of each row, says when it is tried again, and ends its lease. It is <see cref="OutboxRow.Abandoned"/> no more: what
    /// may have begun is counted now.
    /// </summary>
    ValueTask RescheduleAsync(IReadOnlyList<OutboxRetry> retries, CancellationToken cancellationToken);

    /// <summary>Ends leases on rows that were not tried, so that they can be claimed at once. No attempt is counted; an abandoned row stays abandoned.</summary>
    ValueTask ReleaseAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken);

    /// <summary>Prolongs leases, from now on. Rows that the lease's owner does not hold any more stay with whoever does.</summary>
    ValueTask RenewAsync(IReadOnlyList<long> ids, Lease lease, CancellationToken cancellationToken);

    /// <summary>How many rows wait, and since when, by transport and route. It may read the whole table.</summary>
    ValueTask<IReadOnlyList<OutboxBacklog>> CountAsync(CancellationToken cancellationToken);

    /// <summary>When the oldest row of a transport was written that was not to be delayed; null where none waits. Cheap, also over a long backlog.</summary>
    ValueTask<DateTimeOffset?> FindOldestAsync(string transport, CancellationToken cancellationToken);
}

/// <summary>What a holder asks for.</summary>
/// <param name="Transport">Rows of this transport only.</param>
/// <param name="Route">Rows of this route only; null: any.</param>
/// <param name="Limit">The most rows.</param>
/// <param name="Lease">Who will hold them, and for how long.</param>
public readonly record struct OutboxClaim(string Transport, string? Route, int Limit, Lease Lease)
{
    /// <summary>
    /// Null: no heed of order keys. Otherwise: rows without an order key, and those rows of these parts (<see cref="OutboxRow.PartOf"/>) that are in turn, so
    /// none behind an older row of its transport and key that someone else holds, or that waits after a failed attempt. Rows of one key that this claim gives
    /// come in their order.
    /// </summary>
    public IReadOnlyList<int>? Parts { get; init; }

    /// <summary>The most bytes of bodies, though at least one row: the claim ends before the row that would exceed them.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;
}

/// <summary>A row to be tried again.</summary>
/// <param name="Id">The row.</param>
/// <param name="Delay">How long from now.</param>
public readonly record struct OutboxRetry(long Id, TimeSpan Delay);

/// <summary>What waits in the outbox for one route.</summary>
/// <param name="Transport">By which it leaves.</param>
/// <param name="Route">Where to.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Failing">How many of them were tried and failed.</param>
/// <param name="OldestAt">When the oldest was written.</param>
public sealed record OutboxBacklog(string Transport, string Route, long Rows, long Failing, DateTimeOffset OldestAt);
