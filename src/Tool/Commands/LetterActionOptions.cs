using System.CommandLine;

namespace Reliability.Tool.Commands;

/// <summary>Who acts, and why.</summary>
internal sealed class LetterActionOptions
{
    private readonly Option<string> _by = new("--by") { Description = "Who does it. Default: the user's name.", DefaultValueFactory = _ => Environment.UserName };
    private readonly Option<string?> _note = new("--note") { Description = "Why: kept beside who did it." };

    public LetterActionOptions(Command command)
    {
        command.Options.Add(_by);
        command.Options.Add(_note);
    }

    public string By(ParseResult parsed) => parsed.GetValue(_by) is { } by && !string.IsNullOrWhiteSpace(by) ? by : throw new UsageException("--by must name somebody.");

    public string? Note(ParseResult parsed) => parsed.GetValue(_note);
}
