namespace Reliability;

/// <summary>Deferred messages, outside of units of work.</summary>
public interface IDeferralTable
{
    /// <summary>
    /// Leases the due message that has waited longest, and counts an attempt of it before it is run: if it ends the process, the count survives. Of
    /// one order key only the oldest is due. Where none is, it says when the next will be.
    /// </summary>
    /// <param name="consumers">Messages of these handlers only.</param>
    /// <param name="lease">Who will hold it, and for how long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<DeferralClaim> ClaimAsync(IReadOnlyCollection<string> consumers, Lease lease, CancellationToken cancellationToken);

    /// <summary>Prolongs the lease of a claimed message whose handler still runs; without effect where the lease's owner does not hold it any more.</summary>
    ValueTask RenewAsync(long id, Lease lease, CancellationToken cancellationToken);

    /// <summary>
    /// Gives back a claimed message whose attempt shall not count: the count is taken back, and it is due at once. Without effect where the owner does not
    /// hold it any more.
    /// </summary>
    ValueTask ReturnAsync(long id, string owner, CancellationToken cancellationToken);

    /// <summary>Makes all of a handler's messages that wait after a failure due now.</summary>
    /// <returns>How many.</returns>
    ValueTask<long> MakeDueAsync(string consumer, CancellationToken cancellationToken);

    /// <summary>How many messages wait for an attempt, by handler, also for handlers that this process has not.</summary>
    ValueTask<IReadOnlyList<DeferredCount>> CountAsync(CancellationToken cancellationToken);
}

/// <summary>A due message, or when to ask again.</summary>
/// <param name="Message">The message; null where none is due.</param>
/// <param name="DueIn">Where none is due: how long until the next is, of those that are not held; null where none waits.</param>
public readonly record struct DeferralClaim(DeferredMessage? Message, TimeSpan? DueIn);

/// <summary>How many messages wait for a handler.</summary>
/// <param name="Consumer">The handler's name.</param>
/// <param name="Messages">How many.</param>
/// <param name="OldestAt">When the oldest was first received.</param>
public sealed record DeferredCount(string Consumer, long Messages, DateTimeOffset OldestAt);
