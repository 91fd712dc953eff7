namespace Reliability;

/// <summary>Deferred messages, outside of units of work.</summary>
public interface IDeferralTable
{
    /// <summary>
    /// Leases the due message that has waited longest, and counts an attempt of it before it is run: if it ends the process, the count survives. Of
    /// one order key only the oldest is due. Null where none is.
    /// </summary>
    /// <param name="consumers">Messages of these handlers only.</param>
    /// <param name="lease">Who will hold it, and for how long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<DeferredMessage?> ClaimAsync(IReadOnlyCollection<string> consumers, Lease lease, CancellationToken cancellationToken);

    /// <summary>How many messages wait for an attempt.</summary>
    ValueTask<long> CountAsync(CancellationToken cancellationToken);
}
