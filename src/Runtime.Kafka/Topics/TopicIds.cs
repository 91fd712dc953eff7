using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Reliability;

/// <summary>Where the ids of topics are learnt.</summary>
internal interface ITopicIds : IDisposable
{
    /// <summary>The id of a topic; null where it has none, or where <paramref name="error"/> says why it is not known. Blocks until the brokers answer, for seconds at most.</summary>
    string? Find(string topic, out Error? error);
}

/// <summary>Asks the brokers, over a consumer's own connections. Only from the consumer's threads: the calls block.</summary>
internal sealed class TopicIds(Handle consumer) : ITopicIds
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);

    private readonly IAdminClient _admin = new DependentAdminClientBuilder(consumer).Build();

    public string? Find(string topic, out Error? error)
    {
        error = null;
        try
        {
            var described = _admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = Answer })
                .ConfigureAwait(false).GetAwaiter().GetResult();
            var id = described.TopicDescriptions[0].TopicId;
            return id is null || (id.MostSignificantBits == 0 && id.LeastSignificantBits == 0) ? null : id.ToString();
        }
        catch (DescribeTopicsException failure)
        {
            error = failure.Results.TopicDescriptions.Select(description => description.Error).FirstOrDefault(reason => reason.IsError) ?? failure.Error;
        }
        catch (KafkaException failure)
        {
            error = failure.Error;
        }

        return null;
    }

    public void Dispose() => _admin.Dispose();
}
