namespace Reliability;

/// <summary>A deferred message whose time has come. Its attempt is already counted.</summary>
internal sealed class DeferredDelivery(DeferredMessage message) : Delivery(message.Source, message.Envelope, redelivered: false)
{
    public DeferredMessage Message { get; } = message;
}
