using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Reliability;

/// <summary>What the outbox must know of a message type; registered by the generated <c>AddHandlers</c>.</summary>
/// <param name="Name">The name on the wire.</param>
/// <param name="Route">Where its messages go, or null where only an explicit route is used.</param>
/// <param name="Transport">The transport, or null for the default one.</param>
public abstract record MessageType(string Name, string? Route, string? Transport)
{
    /// <summary>The .NET type.</summary>
    public abstract Type Type { get; }
}

/// <summary>What the outbox must know of messages of type <typeparamref name="TMessage"/>.</summary>
/// <typeparam name="TMessage">The message's type.</typeparam>
/// <param name="Name">The name on the wire.</param>
/// <param name="Json">The generated metadata that writes it.</param>
/// <param name="Route">Where its messages go, or null where only an explicit route is used.</param>
/// <param name="Transport">The transport, or null for the default one.</param>
/// <param name="Key">Reads the message's key, or null.</param>
public sealed record MessageType<TMessage>(
    string Name,
    JsonTypeInfo<TMessage> Json,
    string? Route = null,
    string? Transport = null,
    Func<TMessage, string?>? Key = null) : MessageType(Name, Route, Transport)
    where TMessage : notnull
{
    /// <inheritdoc/>
    public override Type Type => typeof(TMessage);

    internal byte[] Serialize(TMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, Json);
}
