namespace Reliability;

/// <summary>
/// What a person does with dead letters. Every action removes the letter and records who did what in one transaction, so that none is done twice; a
/// letter that is gone already is reported, not thrown.
/// </summary>
public interface IDeadLetters
{
    /// <summary>How many letters the filter matches.</summary>
    ValueTask<long> CountAsync(DeadLetterFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Up to <paramref name="limit"/> of those that the filter matches, with a number above <paramref name="afterId"/>, by number.</summary>
    ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterFilter filter, long afterId = 0, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>One letter; null where it is gone.</summary>
    ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellationToken = default);

    /// <summary>What people did, up to <paramref name="limit"/> actions with a number above <paramref name="afterId"/>, by number.</summary>
    ValueTask<IReadOnlyList<DeadLetterAction>> ListActionsAsync(long afterId = 0, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives a letter to its handler again, or sends it again. Its operation is no longer recorded as dealt with; attempts begin at 0. Under one
    /// transaction: either the letter is there as before, or it is on its way.
    /// </summary>
    ValueTask<DeadLetterOutcome> ReplayAsync(long id, DeadLetterReplay replay, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replays what the filter matches now, in transactions of up to 100; each letter's outcome comes when it is committed. What fails again meanwhile is a
    /// new letter, and left alone.
    /// </summary>
    /// <exception cref="ArgumentException">An edit is for one letter at a time.</exception>
    IAsyncEnumerable<DeadLetterOutcome> ReplayAllAsync(DeadLetterFilter filter, DeadLetterReplay replay, CancellationToken cancellationToken = default);

    /// <summary>Deletes a letter. Its operation stays recorded as dealt with: a redelivery of it is dropped.</summary>
    ValueTask<DeadLetterOutcome> DiscardAsync(long id, DeadLetterDiscard discard, CancellationToken cancellationToken = default);

    /// <summary>Deletes what the filter matches now, in transactions of up to 100; each letter's outcome comes when it is committed.</summary>
    IAsyncEnumerable<DeadLetterOutcome> DiscardAllAsync(DeadLetterFilter filter, DeadLetterDiscard discard, CancellationToken cancellationToken = default);
}
