using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Says once what is wrong with the brokers, and then rarely: a client that cannot connect reports the same error many times a second.
/// </summary>
internal sealed class TroubleLog(string client, string bootstrapServers, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(5);

    private readonly object _gate = new();
    private readonly Dictionary<(ErrorCode Code, string? Topic), DateTimeOffset> _said = [];
    private volatile string? _latest;
    private volatile bool _away;

    /// <summary>The latest trouble, or null where the brokers have answered since.</summary>
    public string? Latest => _latest;

    /// <summary>Logs the error unless it was said within the last five minutes, or the client mends it by itself.</summary>
    /// <param name="error">What the client said.</param>
    /// <param name="topic">What it is about; null: the brokers.</param>
    public void Report(Error error, string? topic = null)
    {
        var reason = $"{error.Reason} ({error.Code})";
        _latest = reason;
        _away |= error.Code == ErrorCode.Local_AllBrokersDown;
        if (!IsNew(error.Code, topic))
        {
            return;
        }

        if (topic is null)
        {
            log.BrokerTrouble(LevelOf(error.Code), client, bootstrapServers, reason, Advice(error.Code));
        }
        else
        {
            log.TopicTrouble(client, topic, reason, Advice(error.Code));
        }
    }

    /// <summary>
    /// A broker has answered. Where all were away, the next trouble is news; where one of several is, its errors go on and stay said.
    /// </summary>
    public void Over()
    {
        _latest = null;
        if (!_away)
        {
            return;
        }

        lock (_gate)
        {
            _away = false;
            _said.Clear();
        }

        log.TroubleOver(client, bootstrapServers);
    }

    private bool IsNew(ErrorCode code, string? topic)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_said.TryGetValue((code, topic), out var last) && now - last < Again)
            {
                return false;
            }

            _said[(code, topic)] = now;
            return true;
        }
    }

    /// <summary>One broker of several may go without harm.</summary>
    private static LogLevel LevelOf(ErrorCode code) =>
        code is ErrorCode.Local_Transport or ErrorCode.Local_TimedOut or ErrorCode.Local_Resolve ? LogLevel.Warning : LogLevel.Error;

    private static string Advice(ErrorCode code) => code switch
    {
        ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_Resolve or ErrorCode.Local_TimedOut =>
            "Check that the brokers run and that KafkaOptions.BootstrapServers and their advertised listeners can be reached from here.",
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Ssl =>
            "Check the sasl.* and ssl.* settings in KafkaOptions.Client.",
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic => "Create the topic; it is found within half a minute.",
        ErrorCode.TopicAuthorizationFailed => "Grant the user READ (to receive) or WRITE (to send) on the topic.",
        ErrorCode.GroupAuthorizationFailed => "Grant the user READ on the group of KafkaOptions.GroupId.",
        ErrorCode.Local_MaxPollExceeded => "The process was stopped or starved for that long; its partitions are assigned anew.",
        _ => "The client goes on trying.",
    };
}
