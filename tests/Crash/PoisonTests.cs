using Microsoft.Data.Sqlite;
using Reliability.Crash;
using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>A message that kills its process is counted before it runs again, runs alone, and is a dead letter after its attempts.</summary>
public sealed class PoisonTests
{
    /// <summary>The first delivery runs uncounted beside others; then each attempt is counted.</summary>
    private const int MostDeaths = Poison.Attempts + 1;

    [Fact]
    public Task From_a_local_queue_it_becomes_a_dead_letter_and_the_others_are_handled_once() => AssertContainedAsync(TransportNames.Local);

    [Fact]
    public async Task From_RabbitMQ_it_becomes_a_dead_letter_and_the_others_are_handled_once()
    {
        await using var rabbit = await RabbitMqServer.StartAsync(TestContext.Current.CancellationToken);

        await AssertContainedAsync(TransportNames.RabbitMq, $"{rabbit.Uri}");
    }

    [Fact]
    public async Task Copies_of_it_count_as_one_message()
    {
        await using var rabbit = await RabbitMqServer.StartAsync(TestContext.Current.CancellationToken);

        await AssertContainedAsync(TransportNames.RabbitMq, $"{rabbit.Uri}", "again");
    }

    [Fact]
    public async Task From_Kafka_it_becomes_a_dead_letter_and_the_others_are_handled_once()
    {
        using var kafka = MockKafkaCluster.Start(brokers: 1);

        await AssertContainedAsync(TransportNames.Kafka, kafka.BootstrapServers);
    }

    private static async Task AssertContainedAsync(params string[] transport)
    {
        using var folder = new ScratchFolder();
        var database = Path.Combine(folder.Path, "poison.db");
        var story = new List<string>();
        for (var deaths = 0; deaths <= MostDeaths; deaths++)
        {
            using var worker = ChildProcess.Start("Reliability.Crash.Worker", [database, .. transport]);
            if (await DiesOrFinishesAsync(worker, database))
            {
                Assert.InRange(deaths, Poison.Attempts, MostDeaths);
                Assert.Equal(("after", "before"), (await QueryAsync(database, "SELECT min(text) FROM effects"), await QueryAsync(database, "SELECT max(text) FROM effects")));
                Assert.Equal("2", await QueryAsync(database, "SELECT count(*) FROM effects"));
                Assert.Equal("poison|AttemptsExhausted", await QueryAsync(database, "SELECT dedupe_key || '|' || reason FROM reliability_dead_letter"));
                return;
            }

            story.Add($"Exit code {await worker.WaitAsync(TimeSpan.FromSeconds(10))}; deferred: {await QueryAsync(database, "SELECT group_concat(dedupe_key || ' x' || attempts) FROM reliability_deferred")}; {worker.Output}");
        }

        Assert.Fail($"After {MostDeaths} deaths the message still kills its process. {string.Join(Environment.NewLine, story)}");
    }

    /// <summary>True where the dead letter is there and both others are handled; false where the process died first.</summary>
    private static async Task<bool> DiesOrFinishesAsync(ChildProcess worker, string database)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!worker.HasExited)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(90), worker.Output);
            if (await QueryAsync(database, "SELECT (SELECT count(*) FROM reliability_dead_letter) || '|' || (SELECT count(*) FROM effects)") == "1|2")
            {
                return true;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        return false;
    }

    /// <summary>Null while file or tables are still being made.</summary>
    private static async Task<string?> QueryAsync(string database, string sql)
    {
        try
        {
            await using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly");
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            return (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))?.ToString();
        }
        catch (SqliteException error) when (error.SqliteErrorCode is 1 or 14)
        {
            return null;
        }
    }
}
