using Shop.Statistics;

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopping.Cancel();
};

await new SalesForwarder(Environment.GetEnvironmentVariable("STATISTICS_KAFKA") ?? "localhost:9092").RunAsync(stopping.Token);
