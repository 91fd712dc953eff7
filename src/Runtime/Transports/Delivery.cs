namespace Reliability;

/// <summary>One message as it was delivered. Transports derive from it to keep what they settle by.</summary>
/// <param name="source">The queue or topic.</param>
/// <param name="envelope">The message.</param>
/// <param name="redelivered">
/// True where an earlier delivery of it may have been begun: it is then counted before it runs again, and runs alone, since it may be what ended the process.
/// </param>
public class Delivery(string source, Envelope envelope, bool redelivered)
{
    /// <summary>The queue or topic.</summary>
    public string Source { get; } = source;

    /// <summary>The message.</summary>
    public Envelope Envelope { get; } = envelope;

    /// <summary>True where an earlier delivery of it may have been begun.</summary>
    public bool Redelivered { get; } = redelivered;

    /// <summary>Its place in the log that it was read from; null where the transport was not asked for it (<see cref="SubscriptionRequest.Positions"/>).</summary>
    public LogPosition? Position { get; init; }
}
