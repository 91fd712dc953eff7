using System.Globalization;
using System.Text;
using Reliability.Benchmarks.Measuring;

namespace Reliability.Benchmarks.Reporting;

/// <summary>Writes results into performance.md, between its two marks, and the chart beside it.</summary>
internal static class Page
{
    private const string Begin = "<!-- figures: written by benchmarks/Runtime with the option docs -->";
    private const string End = "<!-- end of figures -->";

    public static async Task WriteAsync(string folder, Bench bench, IReadOnlyList<Result> results)
    {
        var path = Path.Combine(folder, "performance.md");
        var page = await File.ReadAllTextAsync(path);
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
            throw new InvalidOperationException($"'{path}' has no place for figures: the lines '{Begin}' and '{End}'.");

        await File.WriteAllTextAsync(Path.Combine(folder, "performance.svg"), Chart.Of(results));
        await File.WriteAllTextAsync(path, page[..(begin + Begin.Length)] + "\n" + Figures(bench, results) + page[end..]);
    }

    private static string Figures(Bench bench, IReadOnlyList<Result> results)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\n{Environment.ProcessorCount} processors, servers and clients on the same; `--rounds {bench.Rounds} --scale {bench.Scale}`.\n");
        text.Append("\n![The rates of all contenders as bars](performance.svg)\n\n### Targets\n\n");
        Add(text, Tables.Of(results.SelectMany(result => result.Targets)));
        foreach (var result in results)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {result.Scenario.Title} (`{result.Scenario.Verb}`)\n\n{result.Scenario.About} {result.Messages:N0} messages a run.\n\n");
            Add(text, Tables.Of(result));
        }

        return text.Append('\n').ToString();
    }

    private static void Add(StringBuilder text, (string[] Columns, List<string[]> Rows) table)
    {
        Row(table.Columns);
        Row([.. table.Columns.Select(_ => "---")]);
        table.Rows.ForEach(Row);

        void Row(string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }
}
