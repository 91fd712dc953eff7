namespace Reliability;

/// <summary>A deferred message whose time has come. Its attempt is already counted.</summary>
internal sealed class DeferredDelivery(DeferredMessage message, Lease lease) : Delivery(message.Source, message.Envelope, redelivered: false)
{
    public DeferredMessage Message { get; } = message;

    /// <summary>Under which it is held.</summary>
    public Lease Lease { get; } = lease;
}
