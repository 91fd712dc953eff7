namespace Reliability;

/// <summary>A record in hand, and what it is settled by.</summary>
internal sealed class KafkaDelivery(string source, Envelope envelope, bool redelivered, PartitionProgress progress, long offset, int? leaderEpoch)
    : Delivery(source, envelope, redelivered)
{
    /// <summary>The assignment that it came by. After another one it is stale: the partition may be someone else's.</summary>
    public PartitionProgress Progress { get; } = progress;

    public long Offset { get; } = offset;

    public int? LeaderEpoch { get; } = leaderEpoch;

    /// <summary>Read from the buffer and not given back. Guarded by the window's gate.</summary>
    public bool Taken { get; set; }

    /// <summary>Given back after the end of receiving: it waits for whoever is assigned next. Guarded by the window's gate.</summary>
    public bool GivenUp { get; set; }

    /// <summary>Guarded by the window's gate.</summary>
    public bool Settled { get; set; }
}
