namespace Reliability;

/// <summary>From when on the health check calls it trouble.</summary>
public sealed record ReliabilityHealthOptions
{
    /// <summary>Degraded where the oldest outgoing message waits longer. Default: 1 min.</summary>
    public TimeSpan DegradedLag { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Unhealthy where the oldest outgoing message waits longer. Default: 15 min.</summary>
    public TimeSpan UnhealthyLag { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Degraded where there are more dead letters: a person has to look. Default: 0.</summary>
    public long MaxDeadLetters { get; set; }

    /// <summary>How long the store and each broker have to answer. Default: 5 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);
}
