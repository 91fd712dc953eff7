using System.Globalization;
using Confluent.Kafka;

namespace Reliability;

/// <summary>What the clients are built with: first our defaults, then the user's settings, then what the promise needs.</summary>
internal static class ClientSettings
{
    /// <summary>Room for key and headers beside the largest body; with the default body it stays below a broker's default limit.</summary>
    private const int HeaderRoom = 48_000;

    public static Dictionary<string, string> ForAdmin(KafkaOptions options) =>
        With(options, defaults: [], needed: []);

    public static Dictionary<string, string> ForProducer(KafkaOptions options) => With(
        options,
        defaults:
        [
            ("message.max.bytes", Text(options.MaxBodyBytes + HeaderRoom)),
        ],
        needed:
        [
            ("acks", "all"),
            ("enable.idempotence", "true"),
            ("message.timeout.ms", Text((int)options.ConfirmTimeout.TotalMilliseconds)),
            ("dotnet.producer.delivery.report.fields", "status"),
        ]);

    public static Dictionary<string, string> ForConsumer(KafkaOptions options) => With(
        options,
        defaults:
        [
            // How soon a topic or partition that was added is found; the default, 5 min, is long to wait for a message.
            ("topic.metadata.refresh.interval.ms", "30000"),
            // The group's broker decides assignments itself under the newer protocol, and refuses a strategy.
            .. options.Client.TryGetValue("group.protocol", out var protocol) && protocol.Equals("consumer", StringComparison.OrdinalIgnoreCase)
                ? Array.Empty<(string, string)>()
                : [("partition.assignment.strategy", "cooperative-sticky")],
        ],
        needed:
        [
            ("group.id", options.GroupId),
            ("enable.auto.commit", "false"),
            ("enable.auto.offset.store", "false"),
            ("auto.offset.reset", "earliest"),
        ]);

    /// <summary>Turns what the client says of a setting into an error that names where it came from.</summary>
    public static T Build<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new InvalidOperationException($"The Kafka client refuses its settings: {error.Message}. See KafkaOptions.Client.", error);
        }
    }

    private static Dictionary<string, string> With(KafkaOptions options, IEnumerable<(string, string)> defaults, IEnumerable<(string, string)> needed)
    {
        var settings = new Dictionary<string, string> { ["bootstrap.servers"] = options.BootstrapServers };
        foreach (var (key, value) in defaults.Concat(options.Client.Select(setting => (setting.Key, setting.Value))).Concat(needed))
        {
            settings[key] = value;
        }

        return settings;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
