namespace Reliability;

/// <summary>
/// What follows from an exception that a handler throws, by its type. The most derived type that is named wins; what a handler's own attribute says wins over
/// this. What nobody names is retried.
/// </summary>
public sealed class FailureOptions
{
    private readonly Dictionary<Type, FailureAction> _actions = [];

    /// <summary>The message is tried again, up to the handler's attempts. Excepts a type from what is said of its base type.</summary>
    public FailureOptions RetryOn<TException>()
        where TException : Exception => On(typeof(TException), FailureAction.Retry);

    /// <summary>No attempt can help: the message becomes a dead letter at once.</summary>
    public FailureOptions DeadLetterOn<TException>()
        where TException : Exception => On(typeof(TException), FailureAction.DeadLetter);

    /// <summary>
    /// Every message would meet it, such as a missing configuration: the message is kept, no attempt is counted, and the source's subscription stops
    /// until it is resumed (<see cref="ISubscriptions"/>) or the next start.
    /// </summary>
    public FailureOptions StopOn<TException>()
        where TException : Exception => On(typeof(TException), FailureAction.Stop);

    /// <summary>What is said of the type or, next, of the nearest of its base types; null: nothing.</summary>
    internal FailureAction? Find(Type error)
    {
        for (var type = error; type is not null; type = type.BaseType)
        {
            if (_actions.TryGetValue(type, out var action))
            {
                return action;
            }
        }

        return null;
    }

    private FailureOptions On(Type type, FailureAction action)
    {
        _actions[type] = action;
        return this;
    }
}

/// <summary>What follows from a handler's exception.</summary>
internal enum FailureAction
{
    /// <summary>Another attempt.</summary>
    Retry,

    /// <summary>A dead letter at once.</summary>
    DeadLetter,

    /// <summary>The subscription stops, the message is kept.</summary>
    Stop,
}
