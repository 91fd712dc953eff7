using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>The demo's shop, killed again and again, over every transport and store, and its servers with it: the exit status says whether lost and doubled are both 0.</summary>
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
        var ledger = await AssertLedgerAsync("shop", "--orders", "6000", "--kills", "5", "--seed", "14", "--broker", "auto", "--server-kills", "2");

        Assert.Matches(@"broker kills\W+2\b", ledger);
    }

    [Fact]
    public async Task Over_local_queues_in_PostgreSQL_nothing_is_lost_or_doubled_while_the_worker_is_killed() =>
        await AssertLedgerAsync("shop", "--orders", "2500", "--kills", "5", "--seed", "15", "--postgres", "auto", "--server-kills", "0");

    [Fact]
    public async Task Worker_broker_and_PostgreSQL_killed_and_restarted_in_mid_stream_lose_and_double_nothing()
    {
        var ledger = await AssertLedgerAsync(
            "shop", "--orders", "2500", "--kills", "5", "--seed", "16", "--postgres", "auto", "--broker", "auto", "--server-kills", "2");

        Assert.Matches(@"broker kills\W+2\b", ledger);
        Assert.Matches(@"database kills\W+2\b", ledger);
    }

    [Fact]
    public async Task Two_workers_on_one_PostgreSQL_killed_in_turn_with_it_lose_and_double_nothing()
    {
        var ledger = await AssertLedgerAsync(
            "shop", "--orders", "2500", "--kills", "5", "--seed", "17", "--postgres", "auto", "--workers", "2", "--server-kills", "1");

        Assert.Matches(@"database kills\W+1\b", ledger);
    }

    private static async Task<string> AssertLedgerAsync(string program, params string[] arguments)
    {
        using var folder = new ScratchFolder();
        using var shop = ChildProcess.Start(program, ["demo", "--folder", folder.Path, .. arguments]);

        var status = await shop.WaitAsync(Patience);

        Assert.True(status == 0, shop.Output);
        AssertNothingLostOrDoubled(shop.Output);
        Assert.Matches(@"worker kills\W+[5-9]\b", shop.Output);
        Assert.Contains(" 0 ended by themselves", shop.Output, StringComparison.Ordinal);
        return shop.Output;
    }

    private static void AssertNothingLostOrDoubled(string output)
    {
        Assert.Matches(@"lost\W+0\b", output);
        Assert.Matches(@"doubled\W+0\b", output);
        Assert.Matches(@"dead letters\W+0\b", output);
    }
}
