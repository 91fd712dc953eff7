namespace Reliability;

/// <summary>Collects the messages of one handler run, or of one unit of work outside of handlers, until they are written together.</summary>
/// <param name="catalog">Knows routes and sizes.</param>
/// <param name="nextId">Makes the id of the n-th message, from 0.</param>
/// <param name="time">The clock.</param>
internal sealed class OutboxCollector(HandlerCatalog catalog, Func<int, string> nextId, TimeProvider time) : IOutbox
{
    private readonly List<OutboxRow> _rows = [];

    public IReadOnlyList<OutboxRow> Rows => _rows;

    public void Publish<TMessage>(TMessage message, PublishOptions? options = null)
        where TMessage : notnull
    {
        ArgumentNullException.ThrowIfNull(message);
        if (catalog.FindMessageType(typeof(TMessage)) is not MessageType<TMessage> type)
        {
            throw new InvalidOperationException(
                $"{typeof(TMessage).FullName} is no known message type: give it [PublishTo(…)] and [JsonSerializable] on the context that [assembly: HandlerJson] names, in an assembly whose AddHandlers() is called.");
        }

        var transport = TransportOf(type, options);
        var body = type.Serialize(message);
        if (body.Length > transport.MaxBodyBytes)
        {
            throw new MessageTooLargeException(
                $"The {type.Name} has a body of {body.Length:N0} bytes; the {transport.Name} transport carries {transport.MaxBodyBytes:N0} (its option MaxBodyBytes, never above the broker's own limit). Nothing was written; store the content elsewhere and send a reference.");
        }

        _rows.Add(new OutboxRow
        {
            Transport = transport.Name,
            Route = RouteOf(type, options),
            NotBefore = options?.NotBefore,
            CreatedAt = time.GetUtcNow(),
            Envelope = new Envelope
            {
                MessageId = options?.MessageId ?? nextId(_rows.Count),
                MessageName = type.Name,
                Key = options?.Key ?? type.Key?.Invoke(message),
                Headers = options?.Headers ?? Envelope.NoHeaders,
                Body = body,
            },
        });
    }

    private ITransport TransportOf(MessageType type, PublishOptions? options)
    {
        var name = options?.Transport ?? type.Transport ?? catalog.DefaultTransport
            ?? throw new InvalidOperationException(
                $"{type.Name} names no transport and several are configured: set Transport on its [PublishTo], in the options, or {nameof(ReliabilityOptions)}.{nameof(ReliabilityOptions.DefaultTransport)}.");
        return catalog.FindTransport(name)
            ?? throw new InvalidOperationException($"{type.Name} is published by the transport '{name}', which is not configured.");
    }

    private static string RouteOf(MessageType type, PublishOptions? options) => options?.Route ?? type.Route
        ?? throw new InvalidOperationException($"{type.Name} has no route: give the type [PublishTo(…)], or set Route in the options.");
}
