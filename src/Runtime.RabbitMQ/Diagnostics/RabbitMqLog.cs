using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>Everything the transport logs: addresses without credentials, names, ids and reasons; never a body, a header's value or a password.</summary>
internal static partial class RabbitMqLog
{
    [LoggerMessage(100, LogLevel.Information, "RabbitMQ: {Role} connected to {Broker}")]
    public static partial void Connected(this ILogger log, string role, BrokerAddress broker);

    [LoggerMessage(101, LogLevel.Error, "RabbitMQ: {Role} is not connected: {Reason}. Next try in {Pause}; nothing is lost meanwhile")]
    public static partial void NotConnected(this ILogger log, string role, string reason, TimeSpan pause);

    [LoggerMessage(102, LogLevel.Warning, "RabbitMQ: {Role} lost its connection: {Reason}. Connecting again")]
    public static partial void ConnectionLost(this ILogger log, string role, string reason);

    [LoggerMessage(103, LogLevel.Debug, "RabbitMQ: {Role} failed to connect")]
    public static partial void ConnectError(this ILogger log, string role, Exception error);

    [LoggerMessage(104, LogLevel.Debug, "RabbitMQ: closing the connection of {Role} failed")]
    public static partial void CloseError(this ILogger log, string role, Exception error);

    [LoggerMessage(105, LogLevel.Error, "RabbitMQ: {Broker} takes no messages now ({Reason}); outgoing ones wait. Look at its memory and disk alarms")]
    public static partial void Blocked(this ILogger log, BrokerAddress broker, string reason);

    [LoggerMessage(106, LogLevel.Information, "RabbitMQ: {Broker} takes messages again")]
    public static partial void Unblocked(this ILogger log, BrokerAddress broker);

    [LoggerMessage(107, LogLevel.Debug, "RabbitMQ: an attempt to connect to {Node} failed")]
    public static partial void ConnectAttemptError(this ILogger log, BrokerAddress node, Exception error);

    [LoggerMessage(110, LogLevel.Error, "RabbitMQ: {Reason}. Next try in {Pause}")]
    public static partial void TopologyWrong(this ILogger log, string reason, TimeSpan pause);

    [LoggerMessage(111, LogLevel.Information, "RabbitMQ: all queues, exchanges and bindings are in order again")]
    public static partial void TopologyMended(this ILogger log);

    [LoggerMessage(112, LogLevel.Debug, "RabbitMQ: declaring what was refused ended with its connection")]
    public static partial void TopologyTryEnded(this ILogger log, Exception error);

    [LoggerMessage(113, LogLevel.Warning, "RabbitMQ: queue '{Queue}' exists without x-single-active-consumer, so the order by key (OrderBy) is kept within this process only: let one process receive from it. To have it kept across processes, stop senders and receivers, delete the queue once it is empty (rabbitmqctl delete_queue {Queue} --if-empty), and start a receiver first")]
    public static partial void OrderNotKept(this ILogger log, string queue);

    [LoggerMessage(120, LogLevel.Information, "RabbitMQ: receiving from queue '{Queue}', at most {Prefetch} at a time")]
    public static partial void Receiving(this ILogger log, string queue, int prefetch);

    [LoggerMessage(121, LogLevel.Error, "RabbitMQ: nothing is received from queue '{Queue}': {Reason}. Next try in {Pause}; messages stay at the broker")]
    public static partial void NotReceiving(this ILogger log, string queue, string reason, TimeSpan pause);

    [LoggerMessage(122, LogLevel.Debug, "RabbitMQ: {Count} deliveries of queue '{Queue}' came by a connection that is gone; they come again")]
    public static partial void PassedOver(this ILogger log, int count, string queue);

    [LoggerMessage(123, LogLevel.Debug, "RabbitMQ: receiving from queue '{Queue}' ended")]
    public static partial void ReceivingError(this ILogger log, string queue, Exception error);

    [LoggerMessage(130, LogLevel.Warning, "RabbitMQ: the channel for publishing was closed with {Outstanding} messages unconfirmed: {Reason}. A new one is opened")]
    public static partial void PublishChannelClosed(this ILogger log, int outstanding, string reason);

    [LoggerMessage(132, LogLevel.Debug, "RabbitMQ: a new channel for publishing takes the place of one that nacked")]
    public static partial void PublishChannelRetired(this ILogger log);

    [LoggerMessage(131, LogLevel.Debug, "RabbitMQ: publishing failed before anything was sent")]
    public static partial void PublishError(this ILogger log, Exception error);
}
