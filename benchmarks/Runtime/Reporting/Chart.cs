using System.Globalization;
using System.Net;
using System.Text;
using Reliability.Benchmarks.Measuring;

namespace Reliability.Benchmarks.Reporting;

/// <summary>Draws the rates of the scenarios as bars, each scenario on a scale of its own: an SVG that is legible on light and on dark pages.</summary>
internal sealed class Chart
{
    private const int Width = 960;
    private const int NameWidth = 400;
    private const int FigureWidth = 130;
    private const int Row = 24;
    private const int Bar = 16;

    private readonly StringBuilder _svg = new();
    private int _top = 8;

    public static string Of(IEnumerable<Result> results)
    {
        var chart = new Chart();
        foreach (var result in results)
            chart.Add(result);

        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {chart._top}" font-family="system-ui, sans-serif" font-size="13" fill="#7a7f87">
            {chart._svg.ToString().TrimEnd()}
            </svg>

            """);
    }

    private void Add(Result result)
    {
        _top += 20;
        Line($"""<text x="0" y="{_top}" font-weight="bold" font-size="14">{Escape(result.Scenario.Title)}: {(IsLatency(result) ? "99th percentile, ms" : "messages/s")}</text>""");
        _top += 8;
        var most = result.Contenders.Max(contender => Figure(result, contender));
        foreach (var contender in result.Contenders)
            AddBar(contender, Figure(result, contender), most, IsLatency(result) ? "0.0" : "N0");

        _top += 12;
    }

    private void AddBar(Contender contender, double figure, double most, string format)
    {
        var length = (Width - NameWidth - FigureWidth) * figure / most;
        var color = contender.Key.StartsWith('a') || contender.Key.StartsWith('b') || contender.Key == "raw" ? "#9aa5b1" : "#2f81f7";
        var text = _top + Bar - 3;
        Line($"""<text x="{NameWidth - 8}" y="{text}" text-anchor="end">{Escape(contender.Name)}</text>""");
        Line($"""<rect x="{NameWidth}" y="{_top}" width="{length:0.#}" height="{Bar}" rx="2" fill="{color}"/>""");
        Line($"""<text x="{NameWidth + length + 6:0.#}" y="{text}">{figure.ToString(format, CultureInfo.InvariantCulture)}</text>""");
        _top += Row;
    }

    private void Line(FormattableString line) => _svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static bool IsLatency(Result result) => result.Contenders[0].Median.Latency is not null;

    private static double Figure(Result result, Contender contender) =>
        IsLatency(result) ? contender.Median.Latency!.Percentile99.TotalMilliseconds : contender.Median.Rate;

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
