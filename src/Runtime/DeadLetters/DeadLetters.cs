using System.Runtime.CompilerServices;

namespace Reliability;

/// <summary>Takes dead letters out of the store, and writes in the same transaction what follows.</summary>
internal sealed class DeadLetters(IMessageStore store, ReplaySite site) : IDeadLetters
{
    /// <summary>Letters of one transaction: enough to spare commits, few enough to hold no lock for long.</summary>
    private const int Batch = 100;

    public ValueTask<long> CountAsync(DeadLetterFilter filter, CancellationToken cancellationToken = default) =>
        store.DeadLetters.CountAsync(filter, cancellationToken);

    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterFilter filter, long afterId = 0, int limit = 100, CancellationToken cancellationToken = default) =>
        store.DeadLetters.ListAsync(filter, afterId, limit, cancellationToken);

    public async ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellationToken = default)
    {
        var found = await store.DeadLetters.ListAsync(new DeadLetterFilter { Ids = [id] }, afterId: 0, limit: 1, cancellationToken).ConfigureAwait(false);
        return found.Count == 0 ? null : found[0];
    }

    public ValueTask<IReadOnlyList<DeadLetterAction>> ListActionsAsync(long afterId = 0, int limit = 100, CancellationToken cancellationToken = default) =>
        store.DeadLetters.ListActionsAsync(afterId, limit, cancellationToken);

    public async ValueTask<DeadLetterOutcome> ReplayAsync(long id, DeadLetterReplay replay, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(replay);
        await site.PrepareAsync(cancellationToken).ConfigureAwait(false);
        return (await ApplyAsync([id], new LetterReplay(replay, site), cancellationToken).ConfigureAwait(false))[0];
    }

    public IAsyncEnumerable<DeadLetterOutcome> ReplayAllAsync(DeadLetterFilter filter, DeadLetterReplay replay, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(replay);
        return replay.Edit is null
            ? ApplyAllAsync(filter, new LetterReplay(replay, site), cancellationToken)
            : throw new ArgumentException("An edit is for one letter: several messages with one body would be duplicates or conflicts. Replay them one by one.", nameof(replay));
    }

    public async ValueTask<DeadLetterOutcome> DiscardAsync(long id, DeadLetterDiscard discard, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(discard);
        return (await ApplyAsync([id], new LetterDiscard(discard), cancellationToken).ConfigureAwait(false))[0];
    }

    public IAsyncEnumerable<DeadLetterOutcome> DiscardAllAsync(DeadLetterFilter filter, DeadLetterDiscard discard, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(discard);
        return ApplyAllAsync(filter, new LetterDiscard(discard), cancellationToken);
    }

    private async IAsyncEnumerable<DeadLetterOutcome> ApplyAllAsync(
        DeadLetterFilter filter, LetterAction action, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await site.PrepareAsync(cancellationToken).ConfigureAwait(false);
        // All numbers first: what is replayed and fails again matches the filter again, under a new number.
        foreach (var batch in (await NumbersAsync(filter, cancellationToken).ConfigureAwait(false)).Chunk(Batch))
        {
            foreach (var outcome in await ApplyAsync(batch, action, cancellationToken).ConfigureAwait(false))
            {
                yield return outcome;
            }
        }
    }

    private async ValueTask<List<long>> NumbersAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var numbers = new List<long>();
        while (true)
        {
            var page = await store.DeadLetters.ListAsync(filter, numbers.Count == 0 ? 0 : numbers[^1], Batch, cancellationToken).ConfigureAwait(false);
            numbers.AddRange(page.Select(letter => letter.Id));
            if (page.Count < Batch)
            {
                return numbers;
            }
        }
    }

    /// <summary>All in one transaction; where one is refused, each in its own.</summary>
    private async ValueTask<List<DeadLetterOutcome>> ApplyAsync(long[] ids, LetterAction action, CancellationToken cancellationToken)
    {
        try
        {
            var outcomes = await ApplyTogetherAsync(ids, action, cancellationToken).ConfigureAwait(false);
            action.Committed();
            return outcomes;
        }
        catch (LetterRefusedException refusal) when (ids.Length == 1)
        {
            action.RolledBack();
            return [new DeadLetterOutcome(ids[0], DeadLetterResult.Refused, Reason: refusal.Message)];
        }
        catch (LetterRefusedException)
        {
            action.RolledBack();
        }

        var single = new List<DeadLetterOutcome>(ids.Length);
        foreach (var id in ids)
        {
            single.AddRange(await ApplyAsync([id], action, cancellationToken).ConfigureAwait(false));
        }

        return single;
    }

    private async ValueTask<List<DeadLetterOutcome>> ApplyTogetherAsync(long[] ids, LetterAction action, CancellationToken cancellationToken)
    {
        var outcomes = new List<DeadLetterOutcome>(ids.Length);
        var work = await store.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var rollback = work.ConfigureAwait(false);
        foreach (var id in ids)
        {
            outcomes.Add(await work.TakeDeadLetterAsync(id, cancellationToken).ConfigureAwait(false) is { } letter
                ? await action.ApplyAsync(work, letter, cancellationToken).ConfigureAwait(false)
                : new DeadLetterOutcome(id, DeadLetterResult.Gone));
        }

        await work.CommitAsync(cancellationToken).ConfigureAwait(false);
        return outcomes;
    }
}
