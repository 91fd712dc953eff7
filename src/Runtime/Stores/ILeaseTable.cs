namespace Reliability;

/// <summary>
/// Duties that one process at a time has, divided into numbered parts: the shards of the relay, an ordered local queue (one part). A lease ends by itself when
/// its owner dies.
/// </summary>
public interface ILeaseTable
{
    /// <summary>
    /// Counts the owner as one of those who share the duty, prolongs the leases it has, and takes free parts until it has its fair share
    /// (<c>parts</c> divided by those who share, rounded up).
    /// </summary>
    /// <param name="duty">Its name, such as <c>relay/rabbitmq</c>.</param>
    /// <param name="parts">How many parts there are: 0 to <c>parts − 1</c>.</param>
    /// <param name="lease">Who asks, and for how long. Ask again well before it ends.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The parts held now, and the fair share: whoever holds more gives the rest back once nothing of it is in hand.</returns>
    ValueTask<DutyShare> ShareAsync(string duty, int parts, Lease lease, CancellationToken cancellationToken);

    /// <summary>Gives parts back. Those that the owner does not hold are passed over.</summary>
    ValueTask ReturnAsync(string duty, IReadOnlyCollection<int> parts, string owner, CancellationToken cancellationToken);

    /// <summary>The owner shares no longer: gives everything back.</summary>
    ValueTask LeaveAsync(string duty, string owner, CancellationToken cancellationToken);
}

/// <summary>What an owner holds of a duty.</summary>
/// <param name="Parts">Its parts, in order.</param>
/// <param name="Fair">How many it should hold at most.</param>
public sealed record DutyShare(IReadOnlyList<int> Parts, int Fair);
