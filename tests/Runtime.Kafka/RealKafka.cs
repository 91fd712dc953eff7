using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>One real cluster for the whole test run, started by the first test that asks; without a distribution that test is skipped.</summary>
public sealed class RealKafka : IAsyncLifetime
{
    public const string Name = "a real Kafka";

    private KafkaCluster? _cluster;

    /// <summary>Skips the test where there is none.</summary>
    public KafkaCluster Cluster
    {
        get
        {
            Assert.SkipWhen(KafkaCluster.Home is null, "KAFKA_HOME names no Kafka");
            return _cluster!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (KafkaCluster.Home is not null)
        {
            _cluster = await KafkaCluster.StartAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}

#pragma warning disable CA1711 // xunit's own word.
[CollectionDefinition(RealKafka.Name)]
public sealed class RealKafkaCollection : ICollectionFixture<RealKafka>;
#pragma warning restore CA1711
