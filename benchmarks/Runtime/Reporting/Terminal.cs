using Reliability.Benchmarks.Measuring;
using Spectre.Console;

namespace Reliability.Benchmarks.Reporting;

/// <summary>Prints results.</summary>
internal static class Terminal
{
    public static void Print(Result result)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.MarkupLineInterpolated($"[bold]{result.Scenario.Title}[/] [grey]({result.Scenario.Verb}, {result.Messages:N0} messages a run)[/]");
        AnsiConsole.MarkupLineInterpolated($"[grey]{result.Scenario.About}[/]");
        Print(Tables.Of(result));
    }

    public static void Print(IReadOnlyList<Target> targets)
    {
        if (targets.Count > 0)
            Print(Tables.Of(targets));
    }

    private static void Print((string[] Columns, List<string[]> Rows) of)
    {
        var table = new Table().AddColumns(of.Columns);
        foreach (var row in of.Rows)
            table.AddRow(row.Select(Markup.Escape).ToArray());

        AnsiConsole.Write(table);
    }
}
