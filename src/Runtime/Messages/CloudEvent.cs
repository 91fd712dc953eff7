namespace Reliability;

/// <summary>
/// The attributes by which other programs read a message as a CloudEvent (version 1.0, binary mode: the body stays as it is). Each transport writes them as
/// its binding says: Kafka with the prefix <c>ce_</c>, AMQP with <c>cloudEvents:</c>.
/// </summary>
/// <param name="Id">The message's id. With the source it names the event: the same at every resend.</param>
/// <param name="Source">Who sends: <see cref="CloudEventsOptions.Source"/>.</param>
/// <param name="Type">The message's name behind <see cref="CloudEventsOptions.TypePrefix"/>.</param>
/// <param name="Time">When the message was published.</param>
public sealed record CloudEvent(string Id, string Source, string Type, DateTimeOffset Time)
{
    /// <summary>The version of the specification.</summary>
    public const string SpecVersion = "1.0";

    /// <summary>How the attributes' headers begin on AMQP.</summary>
    public const string AmqpPrefix = "cloudEvents:";

    /// <summary>How the attributes' headers begin on Kafka.</summary>
    public const string KafkaPrefix = "ce_";

    /// <summary>The attributes' names and values, <c>datacontenttype</c> left out: transports have a place of their own for it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Attributes =>
    [
        new("id", Id),
        new("source", Source),
        new("type", Type),
        new("specversion", SpecVersion),
        new("time", Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture)),
    ];

    internal static bool IsHeader(string name) =>
        name.StartsWith(KafkaPrefix, StringComparison.OrdinalIgnoreCase)
        || name.StartsWith(AmqpPrefix, StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("cloudEvents_", StringComparison.OrdinalIgnoreCase);
}
