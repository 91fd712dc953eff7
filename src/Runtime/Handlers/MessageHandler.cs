using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Reliability;

/// <summary>A generated wrapper around one handler method. It knows the message, its keys and the method; it never settles, retries or talks to a broker.</summary>
public abstract class MessageHandler
{
    private protected MessageHandler(string messageName) => MessageName = messageName;

    /// <summary>The message's name on the wire; see <see cref="MessageNameAttribute"/>.</summary>
    public string MessageName { get; }

    /// <summary>True where the method's attribute names an order key.</summary>
    public virtual bool IsOrdered => false;

    /// <summary>
    /// True where the method adds its commands to a <see cref="System.Data.Common.DbBatch"/> and sends none itself. Other methods run only once all commands
    /// added before them are sent.
    /// </summary>
    public virtual bool TakesBatch => false;

    /// <summary>Deserializes a message and finds its keys.</summary>
    /// <exception cref="MessageRejectedException">The body or a key cannot be used; trying again would not help.</exception>
    public abstract ReadMessage Read(Envelope envelope);

    /// <summary>Deserializes a message whose operation is known by something else than what it contains.</summary>
    /// <param name="envelope">The message.</param>
    /// <param name="dedupeKey">What identifies the operation.</param>
    /// <exception cref="MessageRejectedException">The body or the order key cannot be used; trying again would not help.</exception>
    public abstract ReadMessage Read(Envelope envelope, string dedupeKey);

    /// <summary>Runs the handler method and hands what it returns to the outbox.</summary>
    public abstract ValueTask HandleAsync(ReadMessage message, HandlerContext context);
}

/// <summary>What a wrapper read from an envelope.</summary>
/// <param name="Message">The deserialized message.</param>
/// <param name="DedupeKey">What identifies the operation.</param>
/// <param name="OrderKey">Within what the order is kept, or null.</param>
public readonly record struct ReadMessage(object Message, string DedupeKey, string? OrderKey);

/// <summary>Base of the generated wrappers for messages of type <typeparamref name="TMessage"/>.</summary>
/// <typeparam name="TMessage">The message's type.</typeparam>
/// <param name="messageName">The message's name on the wire.</param>
/// <param name="json">The generated metadata that reads it.</param>
public abstract class MessageHandler<TMessage>(string messageName, JsonTypeInfo<TMessage> json) : MessageHandler(messageName)
    where TMessage : notnull
{
    /// <inheritdoc/>
    public sealed override ReadMessage Read(Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        var message = Deserialize(envelope);
        return new ReadMessage(message, FindDedupeKey(message, envelope), OrderKey(message));
    }

    /// <inheritdoc/>
    public sealed override ReadMessage Read(Envelope envelope, string dedupeKey)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        var message = Deserialize(envelope);
        return new ReadMessage(message, dedupeKey, OrderKey(message));
    }

    /// <inheritdoc/>
    public sealed override ValueTask HandleAsync(ReadMessage message, HandlerContext context) => HandleAsync((TMessage)message.Message, context);

    /// <summary>Calls the user's method.</summary>
    protected abstract ValueTask HandleAsync(TMessage message, HandlerContext context);

    /// <summary>The text that identifies the operation. Default: the message id.</summary>
    /// <exception cref="MessageRejectedException">The member, or the message id, is missing.</exception>
    protected virtual string DedupeKey(TMessage message, Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        return envelope.MessageId is { Length: > 0 } id
            ? id
            : throw new MessageRejectedException(DeadLetterReason.MissingDedupeKey,
                "The message carries no message id, and the handler names no DedupeKey. Have the sender set a message id, or set DedupeKey to a member that identifies the operation.");
    }

    /// <summary>The text within whose values the order is kept. Default: none.</summary>
    protected virtual string? OrderKey(TMessage message) => null;

    private string FindDedupeKey(TMessage message, Envelope envelope)
    {
        try
        {
            return DedupeKey(message, envelope);
        }
#pragma warning disable CA1031 // A key method of the user's may throw anything; the text of what it throws may quote the body.
        catch (Exception error) when (error is not MessageRejectedException)
#pragma warning restore CA1031
        {
            throw new MessageRejectedException(DeadLetterReason.MissingDedupeKey,
                $"Finding the dedupe key of the {MessageName} threw {error.GetType().FullName}, so the operation cannot be told from others.");
        }
    }

    private TMessage Deserialize(Envelope envelope)
    {
        if (envelope.Body.IsEmpty)
        {
            throw new MessageRejectedException(DeadLetterReason.EmptyBody, $"The body is empty; a JSON {MessageName} was expected.");
        }

        try
        {
            return JsonSerializer.Deserialize(envelope.Body.Span, json)
                ?? throw new MessageRejectedException(DeadLetterReason.Undecodable, $"The body is the JSON literal null; a {MessageName} was expected.");
        }
        catch (JsonException error)
        {
            // The exception's own text may quote the body, which must not reach logs or metadata; its path and position may not.
            throw new MessageRejectedException(DeadLetterReason.Undecodable,
                $"The body is not a JSON {MessageName}: stopped at {error.Path ?? "$"}, line {error.LineNumber + 1}, byte {error.BytePositionInLine}.");
        }
    }
}
