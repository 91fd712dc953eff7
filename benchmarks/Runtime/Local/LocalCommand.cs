using System.CommandLine;
using System.Globalization;
using Npgsql;
using Reliability.Tests.Services;
using Spectre.Console;

namespace Reliability.Benchmarks.Local;

/// <summary>
/// Handling over durable queues in PostgreSQL: a business row and an inbox row a message. The contenders take turns, several rounds, each on a database of
/// its own; the first round warms up and does not count.
/// </summary>
internal static class LocalCommand
{
    private sealed record Contender(string Name, Func<string, NpgsqlDataSource, Task<TimeSpan>> RunAsync, List<double> Rates);

    public static Command Create()
    {
        var messages = new Option<int>("--messages") { DefaultValueFactory = _ => 10_000, Description = "Messages a run." };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3, Description = "Rounds that count." };
        var command = new Command("local", "Handling over local queues on PostgreSQL: one transaction a message, a grouped sketch, and the product.") { messages, rounds };
        command.SetAction((arguments, _) => RunAsync(arguments.GetValue(messages), arguments.GetValue(rounds)));
        return command;
    }

    private static async Task<int> RunAsync(int messages, int rounds)
    {
        await using var server = await PostgreSqlServer.StartAsync();
        var contenders = Contenders(messages);
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var contender in contenders)
            {
                var rate = await MeasureAsync(server, contender, messages);
                AnsiConsole.MarkupLineInterpolated($"[grey]{(round == 0 ? "warm-up" : $"round {round}")}  {contender.Name}: {rate:N0}/s[/]");
                if (round > 0)
                    contender.Rates.Add(rate);
            }
        }

        AnsiConsole.Write(Table(contenders));
        return 0;
    }

    private static List<Contender> Contenders(int messages) =>
    [
        new("by hand, one transaction a message, 8 workers", (_, database) => HandWritten.OneByOneAsync(database, 8), []),
        new("by hand, one transaction a message, 16 workers", (_, database) => HandWritten.OneByOneAsync(database, 16), []),
        new("by hand, groups of 200, 2 workers", (_, database) => HandWritten.GroupedAsync(database, 2, batched: false), []),
        new("by hand, groups of 200 in a batch, 2 workers", (_, database) => HandWritten.GroupedAsync(database, 2, batched: true), []),
        new("Reliability, Group = 1", (connection, _) => Ours.RunAsync(connection, "single", messages), []),
        new("Reliability, groups", (connection, _) => Ours.RunAsync(connection, "grouped", messages), []),
        new("Reliability, groups, DbBatch", (connection, _) => Ours.RunAsync(connection, "batched", messages), []),
    ];

    private static async Task<double> MeasureAsync(PostgreSqlServer server, Contender contender, int messages)
    {
        var connection = await CreateDatabaseAsync(server);
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { MaxAutoPrepare = 20, AutoPrepareMinUsages = 2 }.ConnectionString);
        await BusinessTable.CreateAsync(database);
        if (contender.Name.StartsWith("by hand", StringComparison.Ordinal))
            await HandWritten.FillAsync(database, messages);

        var elapsed = await contender.RunAsync(connection, database);
        var (rows, doubled) = await BusinessTable.CountAsync(database);
        if (rows != messages || doubled != 0)
            throw new InvalidOperationException($"{contender.Name}: {rows:N0} effects of {messages:N0} messages, {doubled:N0} doubled.");

        return messages / elapsed.TotalSeconds;
    }

    /// <summary>A fresh database for each run: no contender pays for what another left behind.</summary>
    private static async Task<string> CreateDatabaseAsync(PostgreSqlServer server)
    {
        var name = $"run_{Guid.NewGuid():N}";
        await using var administrator = new NpgsqlConnection(server.ConnectionString);
        await administrator.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", administrator);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString;
    }

    private static Table Table(List<Contender> contenders)
    {
        var oneByOne = contenders.Where(contender => contender.Name.StartsWith("by hand, one", StringComparison.Ordinal)).Max(contender => Median(contender.Rates));
        var sketch = Median(contenders.First(contender => contender.Name.StartsWith("by hand, groups", StringComparison.Ordinal)).Rates);
        var table = new Table().AddColumns("contender", "messages/s", "÷ one transaction each", "÷ grouped by hand");
        foreach (var contender in contenders)
        {
            var rate = Median(contender.Rates);
            table.AddRow(contender.Name, rate.ToString("N0", CultureInfo.InvariantCulture), Ratio(rate / oneByOne), Ratio(rate / sketch));
        }

        return table;
    }

    private static string Ratio(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00} ×");

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);
}
