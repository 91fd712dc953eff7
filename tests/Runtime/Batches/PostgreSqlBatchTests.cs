namespace Reliability.Tests.Batches;

public sealed class PostgreSqlBatchTests() : BatchSuite(() => new PostgreSqlTestPlace())
{
    [Fact]
    public async Task A_command_that_takes_too_long_is_cancelled_and_its_messages_attempt_has_failed()
    {
        await using var place = new PostgreSqlTestPlace();
        await using var application = await Adding(place, (paid, context) =>
        {
            context.Batch.AddEffect(paid.Order);
            if (paid.Order == "slow")
            {
                var command = context.Batch.CreateBatchCommand();
                command.CommandText = "SELECT pg_sleep(60)";
                context.Batch.BatchCommands.Add(command);
            }
        }, handler => handler with { Attempts = 1, Timeout = TimeSpan.FromSeconds(1) }).StartAsync();

        await application.PublishAsync(new Paid("1"), new Paid("slow"), new Paid("2"));

        Assert.Contains("HandlerTimeoutException: Test.Paid did not end within 00:00:01", Assert.Single(await application.DeadLettersAsync(1)).Error, StringComparison.Ordinal);
        await application.SettledAsync();
        Assert.Equal(["1", "2"], (await application.EffectsAsync()).Order(StringComparer.Ordinal));
    }
}
