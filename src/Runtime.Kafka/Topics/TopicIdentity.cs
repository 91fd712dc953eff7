using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Which topic bears a name. Brokers give each topic an id that no other ever gets; offsets say something only together with it.
/// </summary>
internal sealed class TopicIdentity(string topic, ITopicIds ids, TroubleLog trouble, ILogger log) : IDisposable
{
    /// <summary>How long to wait before an id that could not be learnt is asked for again.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private bool _saidNoId;

    /// <summary>What was learnt; null: nothing yet.</summary>
    public string? Id { get; private set; }

    /// <summary>Asks for the id. What cannot be helped here is reported.</summary>
    /// <returns>True where it is known now.</returns>
    public bool Learn()
    {
        Id = ids.Find(topic, out var error);
        if (error is not null)
        {
            trouble.Report(error, topic);
        }
        else if (Id is null && !_saidNoId)
        {
            log.TopicWithoutId(topic);
            _saidNoId = true;
        }

        return Id is not null;
    }

    /// <summary>Asks whether the topic is still the one whose id was learnt.</summary>
    public TopicComparison Compare(out string? whyNot)
    {
        var now = ids.Find(topic, out var error);
        whyNot = error switch
        {
            null when now == Id => null,
            null => "the topic was deleted and created anew",
            _ => $"whether the topic is still the same is not known: {error.Reason}",
        };
        return whyNot is null ? TopicComparison.Same
            : error is null || error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic ? TopicComparison.Another
            : TopicComparison.Unknown;
    }

    public void Dispose() => ids.Dispose();
}

/// <summary>Whether a name still means the topic that it meant.</summary>
internal enum TopicComparison
{
    /// <summary>It does.</summary>
    Same,

    /// <summary>The topic is gone, or another bears the name.</summary>
    Another,

    /// <summary>The brokers did not say.</summary>
    Unknown,
}
