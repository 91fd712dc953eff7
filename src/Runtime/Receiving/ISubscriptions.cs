namespace Reliability;

/// <summary>The sources that this process receives from: whether they run, and how to resume one that stopped. A service of the container.</summary>
public interface ISubscriptions
{
    /// <summary>Every source with a handler here, by transport and name.</summary>
    IReadOnlyList<SubscriptionStatus> List();

    /// <summary>Receives again from a source that stopped. Without effect on one that runs.</summary>
    /// <param name="transport">The transport: a constant of <see cref="TransportNames"/>.</param>
    /// <param name="source">The queue or topic.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentException">No handler of this process receives from it.</exception>
    Task ResumeAsync(string transport, string source, CancellationToken cancellationToken = default);
}

/// <summary>Whether a source is received from.</summary>
public enum SubscriptionState
{
    /// <summary>Not yet: the store is away since the start.</summary>
    Waiting,

    /// <summary>It is. A broker that is away does not change that: the transport says so itself.</summary>
    Running,

    /// <summary>It was, until a handler met what every message would meet (StopOn). Its messages stay at the broker and in the store.</summary>
    Stopped,

    /// <summary>The host stops.</summary>
    Ended,
}

/// <summary>How it stands with one source.</summary>
/// <param name="Transport">The transport.</param>
/// <param name="Source">The queue or topic.</param>
/// <param name="State">Whether it is received from.</param>
/// <param name="Since">Since when.</param>
public sealed record SubscriptionStatus(string Transport, string Source, SubscriptionState State, DateTimeOffset Since)
{
    /// <summary>Why it stopped: the type and message of the error; null where it did not.</summary>
    public string? Reason { get; init; }

    /// <summary>The handler that stopped it; null where none did.</summary>
    public string? Handler { get; init; }

    /// <summary>The message at which it stopped, which is kept; null where it did not.</summary>
    public string? MessageId { get; init; }
}
