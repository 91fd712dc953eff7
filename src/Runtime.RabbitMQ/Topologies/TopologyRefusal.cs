using RabbitMQ.Client.Events;

namespace Reliability;

/// <summary>What the broker says against a queue or exchange, and two ways out.</summary>
internal static class TopologyRefusal
{
    public const ushort AccessRefused = 403;
    public const ushort NotFound = 404;
    public const ushort ResourceLocked = 405;
    public const ushort PreconditionFailed = 406;

    public static TopologyException OfQueue(string queue, ShutdownEventArgs reason, RabbitMqOptions options) => new(reason.ReplyCode switch
    {
        NotFound => $"queue '{queue}' does not exist ({reason.ReplyText}). Create it, or let it be declared by RabbitMqOptions.Topology = Declare",
        PreconditionFailed => $"queue '{queue}' exists otherwise than this process declares it ({reason.ReplyText}). "
            + $"Use it as it is by RabbitMqOptions.Topology = Verify{Otherwise(options)}, or delete it once it is empty (rabbitmqctl delete_queue {queue} --if-empty) and it is declared anew",
        AccessRefused => $"queue '{queue}' may not be declared or used by this user ({reason.ReplyText}). "
            + "Grant the permission (rabbitmqctl set_permissions), or create the queue yourself and set RabbitMqOptions.Topology = Verify",
        ResourceLocked => $"queue '{queue}' is exclusive to another connection ({reason.ReplyText}). "
            + "Close the connection that declared it as exclusive, or use another queue name",
        _ => $"queue '{queue}': {reason.ReplyCode} {reason.ReplyText}. Correct the queue at the broker, or set RabbitMqOptions.Topology = Verify",
    }, reason.ReplyCode == PreconditionFailed);

    public static TopologyException OfExchange(string exchange, ShutdownEventArgs reason) => new(reason.ReplyCode switch
    {
        NotFound => $"exchange '{exchange}' does not exist ({reason.ReplyText}). Create it, or let it be declared by RabbitMqOptions.Topology = Declare",
        PreconditionFailed => $"exchange '{exchange}' exists otherwise than this process declares it ({reason.ReplyText}). "
            + "Set RabbitMqOptions.ExchangeType to what it is, or use it as it is by RabbitMqOptions.Topology = Verify",
        AccessRefused => $"exchange '{exchange}' may not be declared or used by this user ({reason.ReplyText}). "
            + "Grant the permission (rabbitmqctl set_permissions), or create the exchange yourself and set RabbitMqOptions.Topology = Verify",
        _ => $"exchange '{exchange}': {reason.ReplyCode} {reason.ReplyText}. Correct the exchange at the broker, or set RabbitMqOptions.Topology = Verify",
    });

    private static string Otherwise(RabbitMqOptions options) =>
        options.QueueType == RabbitMqQueueType.Quorum ? " (or by QueueType = Classic, if that is the difference)" : " (or by QueueType = Quorum, if that is the difference)";
}
