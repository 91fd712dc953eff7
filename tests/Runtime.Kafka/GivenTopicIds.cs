using Confluent.Kafka;

namespace Reliability.Tests;

/// <summary>Ids of topics as a test sets them.</summary>
internal sealed class GivenTopicIds : ITopicIds
{
    /// <summary>Null: topics have none.</summary>
    public volatile string? Id = "first-topic";

    /// <summary>Null: brokers answer.</summary>
    public volatile Error? Error;

    public string? Find(string topic, out Error? error) => (error = Error) is null ? Id : null;

    public void Dispose()
    {
        // Several consumers share it.
    }
}
