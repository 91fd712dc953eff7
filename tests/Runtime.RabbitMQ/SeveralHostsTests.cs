using System.Diagnostics;
using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>Several hosts: the nodes of a cluster, of which one dies.</summary>
public sealed class SeveralHostsTests(ThreeNodes nodes) : BrokerTest, IClassFixture<ThreeNodes>
{
    [Fact]
    public async Task A_node_killed_in_mid_stream_loses_nothing_and_another_takes_over()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue], configure: options =>
        {
            options.Uri = nodes.Second.Uri.OriginalString;
            options.Hosts.Add(nodes.Third.Uri.Authority);
            options.Hosts.Add(nodes.First.Uri.Authority);
            options.QueueType = RabbitMqQueueType.Quorum;
        });
        await using var subscription = await SubscribeAsync(transport, queue, prefetch: 50);
        var (published, killed) = (new List<string>(), false);
        var publishing = Task.Run(async () =>
        {
            for (var last = false; !last;)
            {
                last = Volatile.Read(ref killed);
                var chunk = Enumerable.Range(published.Count, 20).Select(number => $"m{number}").ToList();
                await Task.WhenAll(chunk.Select(id => PublishAsync(transport, queue, id)));
                published.AddRange(chunk);
            }
        }, Cancellation);
        var received = new HashSet<string>();
        // RabbitMQ 3.10 writes a new quorum queue's membership with a delay: killed in its first seconds, its leader is not replaced.
        var age = Stopwatch.StartNew();
        while (received.Count < 500 || age.Elapsed < TimeSpan.FromSeconds(5))
            received.Add((await ReceiveAsync(subscription)).Envelope.MessageId);
        await LoggedAsync($"publisher connected to 127.0.0.1:{nodes.Second.Uri.Port}/");
        await LoggedAsync($"receiver connected to 127.0.0.1:{nodes.Second.Uri.Port}/");

        await nodes.Second.KillAsync(Cancellation);
        Volatile.Write(ref killed, true);

        await publishing.WaitAsync(Cancellation);
        while (!received.IsSupersetOf(published))
            received.Add((await ReceiveAsync(subscription)).Envelope.MessageId);
        await LoggedAsync($"publisher connected to 127.0.0.1:{nodes.Third.Uri.Port}/");
        await LoggedAsync($"receiver connected to 127.0.0.1:{nodes.Third.Uri.Port}/");
        await nodes.Second.RestartAsync(Cancellation);
    }

    [Fact]
    public async Task A_host_that_cannot_be_reached_is_passed_over()
    {
        var transport = await StartAsync([], configure: options =>
        {
            options.Uri = "amqp://guest:guest@127.0.0.1:1/";
            options.Hosts.Add(nodes.First.Uri.Authority);
        });

        await LoggedAsync($"publisher connected to 127.0.0.1:{nodes.First.Uri.Port}/");

        Assert.True((await transport.CheckAsync(Cancellation)).IsConnected);
    }

    [Fact]
    public async Task Where_no_host_can_be_reached_each_is_named_with_its_reason()
    {
        var transport = await StartAsync([], configure: options =>
        {
            options.Uri = "amqp://guest:planted-s3cret@127.0.0.1:1/";
            options.Hosts.Add("no-such-host.invalid");
            options.Hosts.Add(nodes.First.Uri.Authority);
        });

        var outcome = await TryPublishAsync(transport, "any", "m");

        Assert.Equal(PublishStatus.Unavailable, outcome.Status);
        Assert.Contains("nothing listens at 127.0.0.1:1/", outcome.Reason);
        Assert.Contains("no-such-host.invalid:1/", outcome.Reason);
        Assert.Contains($"127.0.0.1:{nodes.First.Uri.Port}/ refused the login of user 'guest'", outcome.Reason);
        Assert.DoesNotContain(Log.All, line => line.Contains("planted-s3cret"));
    }

    protected override Task<Uri> BrokerAsync() => Task.FromResult(nodes.First.Uri);
}

/// <summary>A cluster of three RabbitMQ nodes.</summary>
public sealed class ThreeNodes : IAsyncLifetime
{
    private readonly List<RabbitMqServer> _nodes = [];

    public RabbitMqServer First => _nodes[0];

    public RabbitMqServer Second => _nodes[1];

    public RabbitMqServer Third => _nodes[2];

    public async ValueTask InitializeAsync()
    {
        _nodes.Add(await RabbitMqServer.StartAsync());
        _nodes.Add(await First.StartFurtherNodeAsync());
        _nodes.Add(await First.StartFurtherNodeAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Enumerable.Reverse(_nodes))
            await node.DisposeAsync();
    }
}
