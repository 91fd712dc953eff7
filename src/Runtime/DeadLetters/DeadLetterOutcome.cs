namespace Reliability;

/// <summary>What became of one dead letter.</summary>
/// <param name="Id">The letter's number.</param>
/// <param name="Result">What became of it.</param>
/// <param name="MessageId">The message's id; null where the letter was gone.</param>
/// <param name="Target">The handler or route it went to; null where it went nowhere.</param>
/// <param name="Reason">Where it was refused: why, and what to do instead.</param>
public sealed record DeadLetterOutcome(long Id, DeadLetterResult Result, string? MessageId = null, string? Target = null, string? Reason = null);

/// <summary>What can become of a dead letter.</summary>
public enum DeadLetterResult
{
    /// <summary>On its way again.</summary>
    Replayed,

    /// <summary>Deleted.</summary>
    Discarded,

    /// <summary>It was gone: someone else was first, or this was done before.</summary>
    Gone,

    /// <summary>It stays, as it was.</summary>
    Refused,
}
