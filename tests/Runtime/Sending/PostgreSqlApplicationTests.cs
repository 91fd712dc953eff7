using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Reliability.Tests.Sending;

/// <summary>Whole applications over one PostgreSQL.</summary>
public sealed class PostgreSqlApplicationTests : IAsyncDisposable
{
    private const int Keys = 20;
    private readonly PostgreSqlDatabase _place = new();
    private readonly RecordedLogs _logs = new();
    private readonly List<IHost> _hosts = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_applications_send_each_keys_messages_once_and_in_order_though_sends_fail()
    {
        var wire = new KeyedWire((number, sends) => sends == 1 && number % 17 == 0 ? PublishOutcome.Failed("nacked") : PublishOutcome.Confirmed);
        var one = await StartAsync(wire.Transport);
        var two = await StartAsync(wire.Transport);

        for (var number = 0; number < 300; number++)
        {
            await (number % 2 == 0 ? one : two).Services.GetRequiredService<IReliability>().PublishAsync(
                new Paid($"{number}"), new PublishOptions { MessageId = $"{number}", Key = $"key-{number % Keys}" }, Cancellation);
        }

        await SettledAsync(one);
        Assert.Equal(300, wire.Confirmed.Count);
        wire.AssertOrdered();
        Assert.Equal(1, wire.MostAtOnceOfOneKey);
    }

    [Fact]
    public async Task What_is_written_into_an_applications_own_transaction_leaves_soon_after_its_commit_by_news()
    {
        var transport = new ScriptedTransport((_, _) => Task.FromResult(PublishOutcome.Confirmed));
        // Nothing is searched for within the test.
        var host = await StartAsync(transport, options => (options.Relay.PollInterval, options.Relay.IdlePollInterval) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1)));
        await using var connection = new NpgsqlConnection(await _place.ConnectionStringAsync());
        await connection.OpenAsync(Cancellation);

        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            var reliability = host.Services.GetRequiredService<IReliability>();
            await reliability.PublishAsync(transaction, new Paid("1"), new PublishOptions { MessageId = "plain" }, Cancellation);
            await reliability.PublishAsync(transaction, new Paid("2"), new PublishOptions { MessageId = "keyed", Key = "k" }, Cancellation);
            Assert.Empty(transport.Sent);
            await transaction.CommitAsync(Cancellation);
        }

        await SettledAsync(host);
        Assert.Equal(["keyed", "plain"], transport.Sent.Order());
    }

    [Fact]
    public async Task A_transaction_of_another_database_is_refused()
    {
        var host = await StartAsync(new ScriptedTransport((_, _) => Task.FromResult(PublishOutcome.Confirmed)));
        await using var other = new PostgreSqlDatabase();
        await using var connection = new NpgsqlConnection(await other.ConnectionStringAsync());
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await host.Services.GetRequiredService<IReliability>().PublishAsync(transaction, new Paid("1"), cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Messages_without_a_key_come_from_memory()
    {
        var transport = new ScriptedTransport((_, _) => Task.FromResult(PublishOutcome.Confirmed));
        var host = await StartAsync(transport);
        var reliability = host.Services.GetRequiredService<IReliability>();

        for (var number = 0; number < 200; number++)
        {
            await reliability.PublishAsync(new Paid($"{number}"), new PublishOptions { MessageId = $"{number}" }, Cancellation);
        }

        await SettledAsync(host);
        Assert.Equal(200, transport.Sent.Count);
        Assert.Equal(200, transport.Sent.Distinct().Count());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync(CancellationToken.None);
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        await _place.DisposeAsync();
    }

    private static Task SettledAsync(IHost host) => Eventually.GetAsync(
        async () => await host.Services.GetRequiredService<IMessageStore>().CountOutboxAsync(Cancellation), rows => rows == 0);

    private async Task<IHost> StartAsync(ITransport transport, Action<ReliabilityOptions>? configure = null)
    {
        var address = await _place.ConnectionStringAsync();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(_logs);
        builder.Services.AddReliability(reliability =>
        {
            reliability.UsePostgreSql(address);
            reliability.Services.AddSingleton(transport);
            reliability.AddMessage(new MessageType<Paid>("Paid", TestJson.Default.Paid, "out", transport.Name));
            reliability.Configure(options =>
            {
                options.Relay.PollInterval = TimeSpan.FromMilliseconds(50);
                options.Relay.Lease = TimeSpan.FromSeconds(5);
                configure?.Invoke(options);
            });
        });
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync(Cancellation);
        return host;
    }
}
