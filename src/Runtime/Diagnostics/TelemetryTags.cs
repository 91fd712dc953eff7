namespace Reliability;

/// <summary>Attribute names and values: OpenTelemetry's conventions for messaging, and our own under <c>reliability.</c></summary>
internal static class TelemetryTags
{
    public const string System = "messaging.system";
    public const string OperationName = "messaging.operation.name";
    public const string OperationType = "messaging.operation.type";
    public const string Destination = "messaging.destination.name";
    public const string ConsumerGroup = "messaging.consumer.group.name";
    public const string MessageId = "messaging.message.id";
    public const string BodySize = "messaging.message.body.size";
    public const string BatchCount = "messaging.batch.message_count";
    public const string ErrorType = "error.type";

    public const string Handler = "reliability.handler";
    public const string Attempt = "reliability.attempt";
    public const string Reason = "reliability.reason";
    public const string Direction = "reliability.direction";
    public const string State = "reliability.state";

    public const string Send = "send";
    public const string Receive = "receive";
    public const string Process = "process";
    public const string Settle = "settle";

    public const string Incoming = "incoming";
    public const string Outgoing = "outgoing";
}
