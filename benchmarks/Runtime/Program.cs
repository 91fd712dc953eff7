using System.CommandLine;
using Reliability.Benchmarks.Confirms;
using Reliability.Benchmarks.Measuring;
using Reliability.Benchmarks.Reporting;
using Reliability.Benchmarks.Scenarios;
using Spectre.Console;

// Those whose memory counts come before those that leave native memory behind.
Scenario[] scenarios = [new Through(), new Local(), new RelayAlone(), new Backlog(), new Duplicates(), new Latencies(), new Handlers(), new OnSqlite(), new OnKafka()];

var scale = new Option<double>("--scale") { DefaultValueFactory = _ => 1, Description = "Multiplies each scenario's messages." };
var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3, Description = "Rounds that count, after one that warms up. Figures are their medians." };
var only = new Option<string[]>("--only") { AllowMultipleArgumentsPerToken = true, Description = "Only the contenders of these keys: a, b, c …" };
var docs = new Option<DirectoryInfo?>("--docs") { Description = "Writes the figures into performance.md of this folder, and the chart beside it. Only with all scenarios." };
var root = new RootCommand("Measures the runtime against the code that people write by hand, on real servers, in one run: all scenarios, or one. Run it with -c Release on a quiet machine.")
{
    scale, rounds, only, docs,
    ConfirmsCommand.Create(),
};
var all = new Command("all", "All scenarios; the same as no verb.") { scale, rounds, only, docs };
root.Add(all);
foreach (var command in (Command[])[root, all])
    command.SetAction((arguments, _) => RunAsync(scenarios, arguments));

foreach (var scenario in scenarios)
{
    var command = new Command(scenario.Verb, $"{scenario.Title}. {scenario.About}") { scale, rounds, only };
    command.SetAction((arguments, _) => RunAsync([scenario], arguments));
    root.Add(command);
}

// Where the output goes to a file, there is no terminal that says how wide it is.
if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = 200;

return await root.Parse(args).InvokeAsync();

async Task<int> RunAsync(IReadOnlyList<Scenario> chosen, ParseResult arguments)
{
    await using var bench = new Bench(arguments.GetValue(scale), arguments.GetValue(rounds), arguments.GetValue(only) ?? []);
    var results = new List<Result>();
    foreach (var scenario in chosen)
    {
        results.Add(await scenario.RunAsync(bench));
        Terminal.Print(results[^1]);
    }

    Terminal.Print([.. results.SelectMany(result => result.Targets)]);
    if (chosen.Count == scenarios.Length && arguments.GetValue(docs) is { } folder)
        await Page.WriteAsync(folder.FullName, bench, results);

    return 0;
}
