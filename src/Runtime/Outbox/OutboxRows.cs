using System.Diagnostics;
using System.Globalization;

namespace Reliability;

/// <summary>Makes outbox rows of messages.</summary>
internal static class OutboxRows
{
    /// <summary>A message as it will be stored.</summary>
    /// <param name="catalog">Knows routes, sizes and options.</param>
    /// <param name="message">The message.</param>
    /// <param name="options">Overrides; null: none.</param>
    /// <param name="id">Makes an id where the options have none.</param>
    /// <param name="time">The clock.</param>
    public static OutboxRow Of<TMessage>(HandlerCatalog catalog, TMessage message, PublishOptions? options, Func<string> id, TimeProvider time)
        where TMessage : notnull
    {
        ArgumentNullException.ThrowIfNull(message);
        if (catalog.FindMessageType(typeof(TMessage)) is not MessageType<TMessage> type)
        {
            throw new InvalidOperationException(
                $"{typeof(TMessage).FullName} is no known message type: give it [PublishTo(…)] and [JsonSerializable] on the context that [assembly: HandlerJson] names, in an assembly whose AddHandlers() is called.");
        }

        var now = time.GetUtcNow();
        var transport = TransportOf(catalog, type, options);
        var route = RouteOf(catalog, type, transport, options);
        var (notBefore, expiresAt) = options is null ? (null, null) : PublishChecks.Times(options, now);
        var key = PublishChecks.Key(options?.Key ?? type.Key?.Invoke(message), type.Name);
        var headers = HeadersOf(options?.Headers, expiresAt, catalog.Options.CloudEvents.Enabled);
        var messageId = PublishChecks.MessageId(options?.MessageId);
        var body = type.Serialize(message);
        if (body.Length > transport.MaxBodyBytes)
        {
            throw new MessageTooLargeException(
                $"The {type.Name} has a body of {body.Length:N0} bytes; the {transport.Name} transport carries {transport.MaxBodyBytes:N0} (its option MaxBodyBytes, never above the broker's own limit). Nothing was written; store the content elsewhere and send a reference.");
        }

        return new OutboxRow
        {
            Transport = transport.Name,
            Route = route,
            NotBefore = notBefore,
            ExpiresAt = expiresAt,
            // A local queue is not sent from: its handler keeps the order, by what the handler says.
            OrderKey = catalog.Options.Relay.OrderPerKey && transport.Name != TransportNames.Local ? key : null,
            CreatedAt = now,
            Envelope = new Envelope { MessageId = messageId ?? id(), MessageName = type.Name, Key = key, Headers = headers, Body = body },
        };
    }

    private static ITransport TransportOf(HandlerCatalog catalog, MessageType type, PublishOptions? options)
    {
        var name = options?.Transport ?? type.Transport ?? catalog.DefaultTransport
            ?? throw new InvalidOperationException(
                $"{type.Name} names no transport and several are configured: set Transport on its [PublishTo], in the options, or {nameof(ReliabilityOptions)}.{nameof(ReliabilityOptions.DefaultTransport)}.");
        return catalog.FindTransport(name)
            ?? throw new InvalidOperationException($"{type.Name} is published by the transport '{name}', which is not configured. Nothing was written; call its Use…(…) in AddReliability.");
    }

    private static string RouteOf(HandlerCatalog catalog, MessageType type, ITransport transport, PublishOptions? options)
    {
        var route = options?.Route ?? type.Route;
        if (string.IsNullOrWhiteSpace(route))
        {
            throw new InvalidOperationException($"{type.Name} has no route: give the type [PublishTo(…)], or set Route in the options. Nothing was written.");
        }

        if (transport.Name == TransportNames.Local && options is { Route: not null } or { Transport: not null } && !catalog.HasHandler(transport.Name, route))
        {
            throw new InvalidOperationException(
                $"{type.Name} is published to the local queue '{route}', which no [LocalHandler] here handles: it would stay in the store for ever. Nothing was written; add a handler, or correct Route in the options.");
        }

        return route;
    }

    private static IReadOnlyDictionary<string, string> HeadersOf(IReadOnlyDictionary<string, string>? given, DateTimeOffset? expiresAt, bool cloudEvents)
    {
        var trace = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity : null;
        if (given is null && expiresAt is null && trace is null)
        {
            return Envelope.NoHeaders;
        }

        // A copy: the sender may change its own before the message is written.
        var headers = new Dictionary<string, string>((given?.Count ?? 0) + 3);
        if (given is not null)
        {
            PublishChecks.Headers(given, cloudEvents);
            foreach (var (name, value) in given)
            {
                headers[name] = value;
            }
        }

        if (expiresAt is { } at)
        {
            headers[HeaderNames.ExpiresAt] = at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        }

        if (trace?.Id is { } id)
        {
            headers[HeaderNames.TraceParent] = id;
            if (!string.IsNullOrEmpty(trace.TraceStateString))
            {
                headers[HeaderNames.TraceState] = trace.TraceStateString;
            }
        }

        return headers;
    }
}
