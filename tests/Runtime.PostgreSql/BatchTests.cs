using System.Diagnostics;
using Npgsql;
using static Reliability.Tests.Samples;

namespace Reliability.Tests;

/// <summary>What Npgsql's own type of a batch can do, and what a flush costs.</summary>
public sealed class BatchTests : IAsyncLifetime
{
    private readonly PostgreSqlPlace _place = new();
    private IMessageStore _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _place.ConnectionStringAsync();
        _store = _place.Open();
        await _store.StartAsync([Billing], Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _place.DisposeAsync();
    }

    [Fact]
    public async Task The_commands_of_a_hundred_handlers_are_one_round_trip()
    {
        using var around = new Activity("test").Start();
        var sent = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = span => sent += span.TraceId == around.TraceId ? 1 : 0,
        };
        await using var work = await _store.BeginAsync(Cancellation);
        for (var number = 0; number < 100; number++)
        {
            var batch = Assert.IsAssignableFrom<NpgsqlBatch>(work.CreateBatch());
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT $1 + 1") { Parameters = { new NpgsqlParameter<int> { TypedValue = number } } });
        }

        ActivitySource.AddActivityListener(listener);
        await work.FlushAsync(Cancellation);

        Assert.Equal(1, sent);
    }

    [Fact]
    public async Task A_batch_that_its_handler_connects_by_the_drivers_own_property_is_refused()
    {
        await using var work = await _store.BeginAsync(Cancellation);
        var batch = (NpgsqlBatch)work.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT 1"));
        batch.Connection = (NpgsqlConnection)work.Connection;

        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.FlushAsync(Cancellation));
        Assert.Contains("Only add commands", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_drivers_own_ways_to_execute_reach_no_connection_either()
    {
        await using var work = await _store.BeginAsync(Cancellation);
        var batch = (NpgsqlBatch)work.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT 1"));

        Assert.Throws<InvalidOperationException>(() => batch.ExecuteReader());
        await Assert.ThrowsAsync<InvalidOperationException>(() => batch.ExecuteReaderAsync(Cancellation));
    }
}
