namespace Reliability;

/// <summary>A delivery, and what it is settled by: its tag, which means something only on the channel it came by.</summary>
internal sealed class RabbitMqDelivery(string queue, Envelope envelope, bool redelivered, ConsumerSession session, ulong tag)
    : Delivery(queue, envelope, redelivered)
{
    public ConsumerSession Session { get; } = session;

    public ulong Tag { get; } = tag;
}
