using System.CommandLine;
using System.Globalization;
using RabbitMQ.Client;
using Reliability.Tests.Services;
using Spectre.Console;

namespace Reliability.Benchmarks.Confirms;

/// <summary>
/// Publishing to RabbitMQ with confirms, persistent and mandatory: tracked by the client, tracked by hand on the channel, and by the product's transport. The contenders
/// take turns on new queues, several rounds; the first round warms up and does not count.
/// </summary>
internal static class ConfirmsCommand
{
    private sealed record Contender(string Name, Func<Uri, string, int, int, Task<TimeSpan>> RunAsync, List<double> Rates);

    public static Command Create()
    {
        var messages = new Option<int>("--messages") { DefaultValueFactory = _ => 20_000, Description = "Messages a run." };
        var window = new Option<int>("--window") { DefaultValueFactory = _ => 1000, Description = "Messages that wait for a confirm at once." };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3, Description = "Rounds that count." };
        var command = new Command("confirms", "Publishing with confirms: the client's tracking, the channel's events, and the product.") { messages, window, rounds };
        command.SetAction((arguments, _) => RunAsync(arguments.GetValue(messages), arguments.GetValue(window), arguments.GetValue(rounds)));
        return command;
    }

    private static async Task<int> RunAsync(int messages, int window, int rounds)
    {
        await using var server = await RabbitMqServer.StartAsync();
        foreach (var type in new[] { "classic", "quorum" })
        {
            List<Contender> contenders =
            [
                new("tracked by the client", RawPublishing.ByClientAsync, []),
                new("tracked by the client, with its rate limiter", RawPublishing.ByLimitedClientAsync, []),
                new("tracked by hand on the channel", RawPublishing.ByChannelAsync, []),
                new("Reliability's transport", OurPublishing.RunAsync, []),
            ];
            for (var round = 0; round <= rounds; round++)
            {
                foreach (var contender in contenders)
                {
                    var rate = await MeasureAsync(server.Uri, type, contender, messages, window);
                    AnsiConsole.MarkupLineInterpolated($"[grey]{type}, {(round == 0 ? "warm-up" : $"round {round}")}  {contender.Name}: {rate:N0}/s[/]");
                    if (round > 0)
                        contender.Rates.Add(rate);
                }
            }

            AnsiConsole.Write(Table(type, contenders));
        }

        return 0;
    }

    private static async Task<double> MeasureAsync(Uri broker, string type, Contender contender, int messages, int window)
    {
        var queue = $"confirms-{Guid.NewGuid():N}";
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = type };
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments);
        // A quorum queue's first moments are its election.
        await RawPublishing.ByClientAsync(broker, queue, 10, 1);
        await channel.QueuePurgeAsync(queue);

        var elapsed = await contender.RunAsync(broker, queue, messages, window);
        // A purge counts what is there: each message once, none lost.
        var kept = await channel.QueuePurgeAsync(queue);
        if (kept != messages)
            throw new InvalidOperationException($"{contender.Name}: {messages:N0} messages were confirmed, {kept:N0} are in the queue.");

        await channel.QueueDeleteAsync(queue);
        return messages / elapsed.TotalSeconds;
    }

    private static Table Table(string type, List<Contender> contenders)
    {
        var client = Median(contenders[0].Rates);
        var table = new Table().AddColumns($"{type} queue", "messages/s", "÷ tracked by the client");
        foreach (var contender in contenders)
        {
            var rate = Median(contender.Rates);
            table.AddRow(contender.Name, rate.ToString("N0", CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{rate / client:0.00} ×"));
        }

        return table;
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);
}
