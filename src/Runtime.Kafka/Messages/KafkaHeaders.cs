namespace Reliability;

/// <summary>The names of the headers that carry what Kafka has no field for.</summary>
internal static class KafkaHeaders
{
    public const string MessageId = "message-id";
    public const string MessageName = "message-name";

    /// <summary>CloudEvents' <c>datacontenttype</c>.</summary>
    public const string ContentType = "content-type";
}
