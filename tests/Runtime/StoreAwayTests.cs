using Microsoft.Data.Sqlite;

namespace Reliability.Tests;

/// <summary>While another connection holds the write lock, the database is as good as away: nothing is lost, no attempt is counted, the host stays up.</summary>
public sealed class StoreAwayTests
{
    [Fact]
    public async Task A_database_away_during_work_pauses_handling_and_costs_no_attempt()
    {
        await using var application = await Application().StartAsync();
        await PublishAsync(application, new Paid("before"));
        await application.EffectsAsync(1);
        await application.SettledAsync();

        await using (await HoldAsync(application))
        {
            var publishing = await Record.ExceptionAsync(() => application.PublishAsync(new Paid("during")));
            Assert.IsType<SqliteException>(publishing);
            await SaysAwayAsync(application);
        }

        await PublishAsync(application, new Paid("after"));
        Assert.Equal(["before", "after"], await application.EffectsAsync(2));
        Assert.Equal(0, await application.Store.CountDeadLettersAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_database_away_at_the_start_is_waited_for()
    {
        await using var application = Application();
        await application.StartAsync();
        await application.StopAsync();

        await using (await HoldAsync(application))
        {
            await application.StartAsync();
            await Eventually.GetAsync(
                () => Task.FromResult(application.Logs.Lines.Any(line => line.Contains("is away; nothing is received", StringComparison.Ordinal))), said => said);
        }

        await Eventually.GetAsync(
            () => Task.FromResult(application.Logs.Lines.Any(line => line.Contains("is back", StringComparison.Ordinal))), said => said);
        await PublishAsync(application, new Paid("1"));
        Assert.Equal(["1"], await application.EffectsAsync(1));
    }

    private static TestApplication Application() => new TestApplication()
        .WithStore(options => options.BusyTimeout = TimeSpan.FromSeconds(1))
        .Handle((paid, context) =>
        {
            context.Effect(paid.Order);
            return ValueTask.CompletedTask;
        }, descriptor => descriptor with { Attempts = 1 });

    /// <summary>
    /// Until it succeeds, as a caller would: with a wait as short as here, units of work of a loaded machine may keep each other from their turn. A message that
    /// was kept all the same is dropped when it comes again.
    /// </summary>
    private static Task PublishAsync(TestApplication application, Paid message) => Eventually.GetAsync(
        async () => await Record.ExceptionAsync(() => application.PublishAsync(message)), error =>
        {
            Assert.True(error is null or SqliteException, $"{error}");
            return error is null;
        });

    private static Task SaysAwayAsync(TestApplication application) => Eventually.GetAsync(
        () => Task.FromResult(application.Logs.Lines.Any(line => line.StartsWith("Error: The ", StringComparison.Ordinal) && line.Contains("SqliteException", StringComparison.Ordinal))),
        said => said);

    private static async Task<SqliteConnection> HoldAsync(TestApplication application)
    {
        var connection = new SqliteConnection($"Data Source={application.File};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.CommandTimeout = 20;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
