#!/usr/bin/env dotnet
// Shows what the analyzers found, as a table: rule, place, what is lost.
//
//   dotnet run eng/findings.cs -- [--left] FOLDER
//
// Reads every obj/findings.sarif below FOLDER (the compiler's error log, written by the build of samples/Lossy). With --left it
// says in one line that nothing is left, and exits with 1 if something is. Without, finding nothing is the failure.
#:package Spectre.Console
#:property PublishAot=false

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Spectre.Console;

var left = args is ["--left", ..];
if ((left ? args[1..] : args) is not [var folder])
{
    Console.Error.WriteLine("usage: dotnet run eng/findings.cs -- [--left] FOLDER");
    return 2;
}

var root = Path.GetFullPath(folder);
var logs = Directory.EnumerateFiles(root, "findings.sarif", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
var findings = logs.SelectMany(Read).OrderBy(finding => finding.Client, StringComparer.Ordinal).ThenBy(finding => finding.Rule, StringComparer.Ordinal).ToList();
if (logs.Count == 0)
{
    Console.Error.WriteLine($"No findings.sarif below {root}: build it first.");
    return 2;
}

// A redirected output has no colours and no width of its own; 80 columns would break every sentence into a ladder.
if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Capabilities.Ansi = false;
    AnsiConsole.Profile.Width = 140;
}

if (left && findings.Count == 0)
{
    AnsiConsole.MarkupLine(CultureInfo.InvariantCulture, "[green]0 findings left[/] in {0} projects.", logs.Count);
    return 0;
}

var table = new Table { Border = TableBorder.Simple }.AddColumns("Rule", "Place", "What is lost");
table.Columns[0].NoWrap();
table.Columns[1].NoWrap();
foreach (var client in findings.GroupBy(finding => finding.Client))
{
    table.AddRow(new Text(""), new Markup($"[bold]{Markup.Escape(client.Key)}[/]"));
    foreach (var finding in client)
        table.AddRow(new Markup($"[yellow]{finding.Rule}[/]"), new Text(finding.Place), new Text(finding.Says));
}

AnsiConsole.Write(table);
AnsiConsole.MarkupLine(
    CultureInfo.InvariantCulture,
    "[yellow]{0} findings[/] of {1} rules, in code for {2} client versions.",
    findings.Count,
    findings.Select(finding => finding.Rule).Distinct().Count(),
    findings.Select(finding => finding.Client).Distinct().Count());
return left || findings.Count == 0 ? 1 : 0;

// The compiler logs every diagnostic of the build; ours are the ones whose id begins with REL.
static IEnumerable<Finding> Read(string log)
{
    using var sarif = JsonDocument.Parse(File.ReadAllBytes(log));
    var folder = Directory.GetParent(log)!.Parent!;
    var client = Client(folder);
    foreach (var result in sarif.RootElement.GetProperty("runs").EnumerateArray().SelectMany(run => run.GetProperty("results").EnumerateArray()))
    {
        var rule = result.GetProperty("ruleId").GetString()!;
        if (!rule.StartsWith("REL", StringComparison.Ordinal) || result.TryGetProperty("suppressions", out var suppressions) && suppressions.GetArrayLength() > 0)
            continue;

        var place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
        var file = new Uri(place.GetProperty("artifactLocation").GetProperty("uri").GetString()!).LocalPath;
        var line = place.GetProperty("region").GetProperty("startLine").GetInt32();
        yield return new Finding(
            client,
            rule,
            string.Create(CultureInfo.InvariantCulture, $"{folder.Name}/{Path.GetRelativePath(folder.FullName, file)}:{line}"),
            result.GetProperty("message").GetProperty("text").GetString()!);
    }
}

// Which client a project was restored with, whether it references the package or only downloads it.
static string Client(DirectoryInfo project)
{
    var assets = File.ReadAllText(Path.Combine(project.FullName, "obj", "project.assets.json"));
    var client = Regex.Match(assets, """"(?<id>RabbitMQ\.Client|Confluent\.Kafka)(/|",\s*"version":\s*"\[)(?<version>[0-9.]+)"""");
    return client.Success ? $"{client.Groups["id"].Value} {client.Groups["version"].Value}" : "no client";
}

internal sealed record Finding(string Client, string Rule, string Place, string Says);
