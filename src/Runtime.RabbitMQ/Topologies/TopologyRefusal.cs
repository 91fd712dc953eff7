using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Reliability;

/// <summary>What the broker says against a queue or exchange, and two ways out.</summary>
internal static class TopologyRefusal
{
    public const ushort AccessRefused = 403;
    public const ushort NotFound = 404;
    public const ushort ResourceLocked = 405;
    public const ushort PreconditionFailed = 406;

    public static TopologyException OfQueue(string queue, ShutdownEventArgs reason) => new(reason.ReplyCode switch
    {
        NotFound => $"queue '{queue}' does not exist ({reason.ReplyText}). Create it, or let it be declared by RabbitMqOptions.Topology = Declare",
        PreconditionFailed => $"queue '{queue}' exists otherwise than this process declares it ({reason.ReplyText}). "
            + $"Say in RabbitMqOptions.Queues[\"{queue}\"] how it is, or use it as it is by RabbitMqOptions.Topology = Verify, or delete it once it is empty (rabbitmqctl delete_queue {queue} --if-empty) and it is declared anew",
        AccessRefused when reason.ReplyText.Contains("exclusive use", StringComparison.Ordinal) =>
            $"queue '{queue}' has a consumer who wants it alone ({reason.ReplyText}). Stop that consumer, or let it consume without exclusive",
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

    /// <summary>Turns the broker's refusal into words. A lost connection stays what it is.</summary>
    public static async Task GuardAsync(Task asked, Func<ShutdownEventArgs, TopologyException> refusal)
    {
        try
        {
            await asked.ConfigureAwait(false);
        }
        catch (OperationInterruptedException error) when (
            error.ShutdownReason is { Initiator: ShutdownInitiator.Peer, ReplyCode: >= 403 and <= 406 or 530 } reason)
        {
            throw refusal(reason);
        }
    }
}
