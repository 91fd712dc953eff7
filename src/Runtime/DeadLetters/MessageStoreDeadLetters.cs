namespace Reliability;

/// <summary>Dead letters beside the processes that have the handlers: for tools.</summary>
public static class MessageStoreDeadLetters
{
    /// <summary>
    /// The dead letters of a store that was attached (<see cref="IMessageStore.AttachAsync"/>). What is replayed is written to the tables; the process that
    /// has the handler, or the relay, finds it there. In that process itself take <see cref="IDeadLetters"/> from the services instead: it knows the handlers.
    /// </summary>
    public static IDeadLetters OpenDeadLetters(this IMessageStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return new DeadLetters(store, new AttachedSite(store));
    }
}
