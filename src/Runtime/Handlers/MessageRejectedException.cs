namespace Reliability;

/// <summary>
/// A message that no further attempt can help: it goes to the dead letters at once. Handlers may throw it too. Its text is kept with the dead letter
/// and logged, so it must hold no secret and no body.
/// </summary>
public sealed class MessageRejectedException : Exception
{
    /// <summary>Rejects a message for a reason of the handler's own.</summary>
    public MessageRejectedException(string message)
        : this(DeadLetterReason.Rejected, message)
    {
    }

    /// <summary>Rejects a message for a named reason.</summary>
    public MessageRejectedException(DeadLetterReason reason, string message)
        : base(message) => Reason = reason;

    /// <summary>Rejects a message for a reason of the handler's own.</summary>
    public MessageRejectedException(string message, Exception innerException)
        : base(message, innerException) => Reason = DeadLetterReason.Rejected;

    /// <summary>Rejects a message without saying why.</summary>
    public MessageRejectedException()
        : this("The handler rejected the message.")
    {
    }

    /// <summary>Why it was rejected.</summary>
    public DeadLetterReason Reason { get; }
}
