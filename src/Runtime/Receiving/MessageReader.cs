namespace Reliability;

/// <summary>Finds the handler of a delivery and reads its message. Whatever is wrong with it becomes a rejection, never an exception.</summary>
internal sealed class MessageReader(HandlerCatalog catalog, ReliabilityOptions options)
{
    public ReceivedMessage Read(string transport, Delivery delivery)
    {
        if (delivery is DeferredDelivery { Message: var deferred })
        {
            return Read(deferred.Transport, delivery, catalog.FindConsumer(deferred.Consumer));
        }

        var handlers = catalog.HandlersOf(transport, delivery.Source);
        var name = delivery.Envelope.MessageName;
        var handler = name is null && handlers.Count == 1
            ? handlers[0]
            : handlers.FirstOrDefault(candidate => candidate.Handler.MessageName == name);
        return handler is null
            ? Rejected(transport, delivery, null, new MessageRejectedException(DeadLetterReason.NoHandler, NoHandler(handlers, name)))
            : Read(transport, delivery, handler);
    }

    private ReceivedMessage Read(string transport, Delivery delivery, HandlerDescriptor handler)
    {
        try
        {
            if (delivery.Envelope.Body.Length > options.MaxBodyBytes)
            {
                throw new MessageRejectedException(DeadLetterReason.TooLarge,
                    $"The body has {delivery.Envelope.Body.Length:N0} bytes; {nameof(ReliabilityOptions)}.{nameof(options.MaxBodyBytes)} allows {options.MaxBodyBytes:N0}.");
            }

            return new ReceivedMessage { Delivery = delivery, Transport = transport, Handler = handler, Content = handler.Handler.Read(delivery.Envelope) };
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

    private static ReceivedMessage Rejected(string transport, Delivery delivery, HandlerDescriptor? handler, MessageRejectedException rejection) =>
        new() { Delivery = delivery, Transport = transport, Handler = handler, Rejection = rejection };

    private static string NoHandler(IReadOnlyList<HandlerDescriptor> handlers, string? name) =>
        $"The message is {(name is null ? "without a name" : $"a '{name}'")}, but the handlers of this source take {string.Join(", ", handlers.Select(handler => $"'{handler.Handler.MessageName}'"))}. "
        + "Add a handler for it, or pin the names on both sides with [MessageName].";
}
