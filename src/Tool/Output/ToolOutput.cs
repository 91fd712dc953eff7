using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Reliability.Tool.Output;

/// <summary>Where results go: tables for people, or one JSON document.</summary>
internal sealed class ToolOutput
{
    /// <summary>Wide enough that redirected tables are not folded.</summary>
    private const int RedirectedWidth = 240;

    private readonly TextWriter _out;
    private readonly TextWriter _error;

    public ToolOutput(TextWriter output, TextWriter error, bool json, bool redirected)
    {
        (_out, _error, IsJson, IsInteractive) = (output, error, json, !redirected && !Console.IsInputRedirected);
        Terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (redirected)
        {
            Terminal.Profile.Width = RedirectedWidth;
        }
    }

    public bool IsJson { get; }

    /// <summary>True where somebody sits before it and can answer.</summary>
    public bool IsInteractive { get; }

    public IAnsiConsole Terminal { get; }

    public void Json<T>(T document, JsonTypeInfo<T> type) => _out.WriteLine(Text(document, type, indented: true));

    /// <summary>In one line.</summary>
    public static string Text<T>(T document, JsonTypeInfo<T> type, bool indented = false)
    {
        using var bytes = new MemoryStream();
        // For terminals and files, not for web pages: quotes stay quotes. Control characters are escaped all the same.
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonSerializer.Serialize(writer, document, type);
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    public void Line(string text) => _out.WriteLine(Cells.Plain(text));

    /// <summary>As it is: bodies, SQL.</summary>
    public void Raw(string text) => _out.WriteLine(text);

    public void Error(string text) => _error.WriteLine(Cells.Plain(text));

    public void Table(string[] columns, IEnumerable<string?[]> rows)
    {
        var table = new Table().Border(TableBorder.Minimal);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Spectre.Console.Text(column)).NoWrap());
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Spectre.Console.Text(Cells.Plain(cell ?? "–"))));
        }

        Terminal.Write(table);
    }
}
