namespace Reliability;

/// <summary>Takes messages that leave after, and only if, the surrounding transaction commits.</summary>
public interface IOutbox
{
    /// <summary>Publishes a message to the route of its type (<see cref="PublishToAttribute"/>).</summary>
    /// <param name="message">The message.</param>
    /// <param name="options">Overrides for this message; null: none.</param>
    /// <exception cref="InvalidOperationException">The type is unknown to the generated <c>AddHandlers</c>, has no route, or names a transport that is not configured.</exception>
    /// <exception cref="MessageTooLargeException">The body is larger than the transport carries.</exception>
    void Publish<TMessage>(TMessage message, PublishOptions? options = null)
        where TMessage : notnull;
}

/// <summary>Overrides for one published message.</summary>
public sealed record PublishOptions
{
    /// <summary>The message's id. Default: inside a handler, a hash of the handler, the dedupe key and the message's position; outside, a UUIDv7.</summary>
    public string? MessageId { get; init; }

    /// <summary>The route, instead of the type's.</summary>
    public string? Route { get; init; }

    /// <summary>The transport, instead of the type's.</summary>
    public string? Transport { get; init; }

    /// <summary>The message's key, instead of the type's.</summary>
    public string? Key { get; init; }

    /// <summary>More headers. Names that begin with <c>reliability-</c> are the library's.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Not before then. Default: at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }
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
