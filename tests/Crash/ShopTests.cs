using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>The demo's shop, killed again and again, over every transport: the exit status says whether lost and doubled are both 0.</summary>
public sealed class ShopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Over_local_queues_nothing_is_lost_or_doubled_while_the_worker_is_killed() =>
        await AssertLedgerAsync("shop", "--orders", "3000", "--kills", "6", "--seed", "11");

    [Fact]
    public async Task Over_RabbitMQ_nothing_is_lost_or_doubled_while_the_worker_is_killed()
    {
        await using var rabbit = await RabbitMqServer.StartAsync(TestContext.Current.CancellationToken);

        await AssertLedgerAsync("shop", "--orders", "3000", "--kills", "6", "--seed", "12", "--broker", $"{rabbit.Uri}");
    }

    [Fact]
    public async Task Over_Kafkas_mock_cluster_nothing_is_lost_or_doubled_while_the_worker_is_killed()
    {
        using var kafka = MockKafkaCluster.Start(brokers: 3);
        kafka.CreateTopic("orders.paid", partitions: 3);
        kafka.CreateTopic("invoices.issued", partitions: 3);

        await AssertLedgerAsync("shop-kafka", "--orders", "2000", "--kills", "5", "--seed", "13", "--kafka", kafka.BootstrapServers);
    }

    [Fact]
    public async Task A_broker_killed_and_restarted_in_mid_stream_loses_and_doubles_nothing()
    {
        await using var rabbit = await RabbitMqServer.StartAsync(TestContext.Current.CancellationToken);
        await LetQueuesAgeAsync(rabbit);
        using var folder = new ScratchFolder();
        using var shop = ChildProcess.Start("shop", "demo", "--folder", folder.Path, "--orders", "6000", "--kills", "2", "--seed", "14", "--broker", $"{rabbit.Uri}");

        foreach (var parcels in new[] { 500, 2500 })
        {
            await folder.UntilParcelsAsync(parcels, shop);
            await rabbit.KillAsync(TestContext.Current.CancellationToken);
            await rabbit.RestartAsync(TestContext.Current.CancellationToken);
        }

        var status = await shop.WaitAsync(Patience);
        Assert.True(status == 0, shop.Output);
        AssertNothingLostOrDoubled(shop.Output);
    }

    private static async Task AssertLedgerAsync(string program, params string[] arguments)
    {
        using var folder = new ScratchFolder();
        using var shop = ChildProcess.Start(program, ["demo", "--folder", folder.Path, .. arguments]);

        var status = await shop.WaitAsync(Patience);

        Assert.True(status == 0, shop.Output);
        AssertNothingLostOrDoubled(shop.Output);
        Assert.Matches(@"kills\W+[5-9]\b", shop.Output);
    }

    /// <summary>
    /// Has the queues declared, and some seconds old. RabbitMQ 3.10 writes a new quorum queue's membership with a delay: killed in its first second or two,
    /// a single node never elects its leader again, and the queue is dead until it is deleted.
    /// </summary>
    private static async Task LetQueuesAgeAsync(RabbitMqServer rabbit)
    {
        using var folder = new ScratchFolder();
        using var shop = ChildProcess.Start("shop", "demo", "--folder", folder.Path, "--orders", "20", "--kills", "0", "--seed", "1", "--broker", $"{rabbit.Uri}");
        var status = await shop.WaitAsync(Patience);
        Assert.True(status == 0, shop.Output);
        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
    }

    private static void AssertNothingLostOrDoubled(string output)
    {
        Assert.Matches(@"lost\W+0\b", output);
        Assert.Matches(@"doubled\W+0\b", output);
        Assert.Matches(@"dead letters\W+0\b", output);
    }
}
