namespace Reliability;

/// <summary>Why a message became a dead letter. Stored by name; names are stable.</summary>
public enum DeadLetterReason
{
    /// <summary>The handler failed as often as its attempts allow.</summary>
    AttemptsExhausted,

    /// <summary>The handler, or the decoding, said that no further attempt can help.</summary>
    Rejected,

    /// <summary>The body is not what the handler expects.</summary>
    Undecodable,

    /// <summary>The body is empty.</summary>
    EmptyBody,

    /// <summary>The body is larger than <see cref="ReliabilityOptions.MaxBodyBytes"/>.</summary>
    TooLarge,

    /// <summary>The member that identifies the operation, or the message id, is missing.</summary>
    MissingDedupeKey,

    /// <summary>No handler of this source takes messages of that name.</summary>
    NoHandler,

    /// <summary>The operation was handled before with another content.</summary>
    Conflict,

    /// <summary>Its time was over before it was handled or sent.</summary>
    Expired,

    /// <summary>Outgoing: the broker took the message for no queue, refused it, or did not confirm it, as often as the relay's attempts allow.</summary>
    Undeliverable,
}
