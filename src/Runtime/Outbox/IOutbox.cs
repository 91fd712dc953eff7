namespace Reliability;

/// <summary>Takes messages that leave after, and only if, the surrounding transaction commits.</summary>
public interface IOutbox
{
    /// <summary>Publishes a message to the route of its type (<see cref="PublishToAttribute"/>).</summary>
    /// <param name="message">The message.</param>
    /// <param name="options">Overrides for this message; null: none.</param>
    /// <exception cref="InvalidOperationException">
    /// The type is unknown to the generated <c>AddHandlers</c>, has no route, or names a transport that is not configured; or the work has ended.
    /// </exception>
    /// <exception cref="ArgumentException">An option is wrong: a time, a key, a header, an id. The text says which, and what is allowed.</exception>
    /// <exception cref="MessageTooLargeException">The body is larger than the transport carries.</exception>
    void Publish<TMessage>(TMessage message, PublishOptions? options = null)
        where TMessage : notnull;
}

/// <summary>A body is larger than its transport carries. Nothing was written; the surrounding transaction can still be rolled back.</summary>
public sealed class MessageTooLargeException : Exception
{
    /// <summary>Says how large it is, how large it may be, and by which option.</summary>
    public MessageTooLargeException(string message)
        : base(message)
    {
    }

    /// <summary>Says how large it is, how large it may be, and by which option.</summary>
    public MessageTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A message is too large.</summary>
    public MessageTooLargeException()
    {
    }
}
