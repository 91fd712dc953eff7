namespace Reliability;

/// <summary>Something done with dead letters: what is written for each, in the transaction that has taken it.</summary>
internal abstract class LetterAction(string by, string? note)
{
    private const int LongestName = 200;
    private const int LongestNote = 2000;

    private readonly string _by = Named(by);
    private readonly string? _note = note is { Length: > LongestNote } ? note[..LongestNote] : note;

    /// <summary>Writes what follows from it.</summary>
    /// <exception cref="LetterRefusedException">Not with this letter; roll back.</exception>
    public abstract ValueTask<DeadLetterOutcome> ApplyAsync(IUnitOfWork work, DeadLetter letter, CancellationToken cancellationToken);

    /// <summary>What was written has been committed.</summary>
    public virtual void Committed()
    {
    }

    /// <summary>What was written has been rolled back.</summary>
    public virtual void RolledBack()
    {
    }

    protected ValueTask RecordAsync(IUnitOfWork work, DeadLetter letter, DeadLetterActionKind kind, CancellationToken cancellationToken) =>
        work.AddDeadLetterActionAsync(new DeadLetterAction
        {
            DeadLetterId = letter.Id,
            MessageId = letter.Envelope.MessageId,
            Target = letter.Handler ?? letter.Source,
            Kind = kind,
            By = _by,
            Note = _note,
        }, cancellationToken);

    private static string Named(string by)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        return by.Length <= LongestName ? by : by[..LongestName];
    }
}

/// <summary>Deletes.</summary>
internal sealed class LetterDiscard(DeadLetterDiscard discard) : LetterAction(discard.By, discard.Note)
{
    public override async ValueTask<DeadLetterOutcome> ApplyAsync(IUnitOfWork work, DeadLetter letter, CancellationToken cancellationToken)
    {
        await RecordAsync(work, letter, DeadLetterActionKind.Discarded, cancellationToken).ConfigureAwait(false);
        return new DeadLetterOutcome(letter.Id, DeadLetterResult.Discarded, letter.Envelope.MessageId);
    }
}
