using System.Security.Cryptography;
using System.Text;

namespace Reliability;

/// <summary>Finds the handler of a delivery and reads its message. Whatever is wrong with it becomes a rejection, never an exception.</summary>
internal sealed class MessageReader(HandlerCatalog catalog, ReliabilityOptions options)
{
    /// <summary>The longest order key, in characters: databases keep it in an index.</summary>
    public const int LongestOrderKey = 1000;

    /// <summary>Dedupe keys above so many characters are kept as their hash: databases keep them in an index.</summary>
    public const int LongestDedupeKey = 1000;

    public ReceivedMessage Read(string transport, Delivery delivery)
    {
        if (delivery is DeferredDelivery { Message: var deferred })
        {
            return Read(deferred.Transport, delivery, catalog.FindConsumer(deferred.Consumer));
        }

        var handlers = catalog.HandlersOf(transport, delivery.Source);
        return Find(handlers, delivery.Envelope.MessageName) is { } handler
            ? Read(transport, delivery, handler)
            : Rejected(transport, delivery, null, new MessageRejectedException(DeadLetterReason.NoHandler, NoHandler(handlers, delivery.Envelope.MessageName)));
    }

    private static HandlerDescriptor? Find(IReadOnlyList<HandlerDescriptor> handlers, string? name)
    {
        if (name is null)
        {
            return handlers.Count == 1 ? handlers[0] : null;
        }

        for (var index = 0; index < handlers.Count; index++)
        {
            if (handlers[index].Handler.MessageName == name)
            {
                return handlers[index];
            }
        }

        return null;
    }

    private ReceivedMessage Read(string transport, Delivery delivery, HandlerDescriptor handler)
    {
        if (handler.DedupeByOffset && delivery is not DeferredDelivery && delivery.Position is null)
        {
            throw new InvalidOperationException($"{handler} dedupes by offset, but the transport delivered {delivery.Envelope.MessageId} without a position.");
        }

        try
        {
            if (delivery.Envelope.Body.Length > options.MaxBodyBytes)
            {
                throw new MessageRejectedException(DeadLetterReason.TooLarge,
                    $"The body has {delivery.Envelope.Body.Length:N0} bytes; {nameof(ReliabilityOptions)}.{nameof(options.MaxBodyBytes)} allows {options.MaxBodyBytes:N0}.");
            }

            return new ReceivedMessage { Delivery = delivery, Transport = transport, Handler = handler, Content = Bounded(Content(delivery, handler)) };
        }
        catch (MessageRejectedException rejection)
        {
            return Rejected(transport, delivery, handler, rejection);
        }
#pragma warning disable CA1031 // A converter of the user's may throw anything; the text of what it throws may quote the body.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Rejected(transport, delivery, handler, new MessageRejectedException(DeadLetterReason.Undecodable,
                $"Reading the body as {handler.Handler.MessageName} threw {error.GetType().FullName}."));
        }
    }

    /// <summary>A record that is known by its place keeps that as its key while it waits: nothing in the message itself must identify it.</summary>
    private static ReadMessage Content(Delivery delivery, HandlerDescriptor handler) => delivery switch
    {
        _ when !handler.DedupeByOffset => handler.Handler.Read(delivery.Envelope),
        DeferredDelivery deferred => handler.Handler.Read(delivery.Envelope, deferred.Message.DedupeKey),
        _ => handler.Handler.Read(delivery.Envelope, delivery.Position!.Value.ToKey(delivery.Source)),
    };

    private static ReadMessage Bounded(ReadMessage content)
    {
        if (content.OrderKey is { Length: > LongestOrderKey })
        {
            throw new MessageRejectedException(
                $"The order key has {content.OrderKey.Length:N0} characters; {LongestOrderKey:N0} are allowed. Order by a shorter member.");
        }

        return content.DedupeKey is { Length: > LongestDedupeKey }
            ? content with { DedupeKey = $"sha256:{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(content.DedupeKey)))}" }
            : content;
    }

    private static ReceivedMessage Rejected(string transport, Delivery delivery, HandlerDescriptor? handler, MessageRejectedException rejection) =>
        new() { Delivery = delivery, Transport = transport, Handler = handler, Rejection = rejection };

    private static string NoHandler(IReadOnlyList<HandlerDescriptor> handlers, string? name) =>
        $"The message is {(name is null ? "without a name" : $"a '{name}'")}, but the handlers of this source take {string.Join(", ", handlers.Select(handler => $"'{handler.Handler.MessageName}'"))}. "
        + "Add a handler for it, or pin the names on both sides with [MessageName].";
}
