namespace Reliability.Conformance;

/// <summary>What tests ask of a store, in the words tests use.</summary>
public static class StoreReads
{
    public static ValueTask StartAsync(this IMessageStore store, IReadOnlyCollection<string> consumers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.StartAsync([.. consumers.Select(name => new ConsumerRegistration(name, []))], cancellationToken);
    }

    public static async Task<long> CountOutboxAsync(this IMessageStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return (await store.Outbox.CountAsync(cancellationToken)).Sum(backlog => backlog.Rows);
    }

    public static async Task<long> CountDeferredAsync(this IMessageStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return (await store.Deferral.CountAsync(cancellationToken)).Sum(count => count.Messages);
    }

    public static async Task<long> CountDeadLettersAsync(this IMessageStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return await store.DeadLetters.CountAsync(DeadLetterFilter.All, cancellationToken);
    }

    public static async Task CommitAsync(this IMessageStore store, Func<IUnitOfWork, ValueTask> act, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(act);
        await using var work = await store.BeginAsync(cancellationToken);
        await act(work);
        await work.CommitAsync(cancellationToken);
    }

    public static async Task<T> CommitAsync<T>(this IMessageStore store, Func<IUnitOfWork, ValueTask<T>> act, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(act);
        await using var work = await store.BeginAsync(cancellationToken);
        var result = await act(work);
        await work.CommitAsync(cancellationToken);
        return result;
    }
}
