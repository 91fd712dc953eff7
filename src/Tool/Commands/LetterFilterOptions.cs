using System.CommandLine;
using System.Globalization;

namespace Reliability.Tool.Commands;

/// <summary>Which dead letters: numbers, or what they have in common.</summary>
internal sealed class LetterFilterOptions
{
    private readonly Argument<long[]> _ids = new("id") { Description = "Numbers of dead letters.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _handler = new("--handler") { Description = "Of this handler." };
    private readonly Option<string?> _source = new("--source") { Description = "From this queue or topic, or to this route." };
    private readonly Option<DeadLetterReason?> _reason = new("--reason") { Description = "For this reason." };
    private readonly Option<string?> _messageId = new("--message-id") { Description = "With this message id." };
    private readonly Option<string?> _messageName = new("--message-name") { Description = "With this message name." };
    private readonly Option<string?> _direction = new("--direction") { Description = "Could not be handled (incoming), or could not be sent (outgoing)." };
    private readonly Option<DateTimeOffset?> _from = new("--from") { Description = "Dead since then, or later. UTC where no offset is written.", CustomParser = Time };
    private readonly Option<DateTimeOffset?> _until = new("--until") { Description = "Dead before then.", CustomParser = Time };

    public LetterFilterOptions(Command command)
    {
        _direction.AcceptOnlyFromAmong("incoming", "outgoing");
        command.Arguments.Add(_ids);
        foreach (var option in new Option[] { _handler, _source, _reason, _messageId, _messageName, _direction, _from, _until })
        {
            command.Options.Add(option);
        }
    }

    public DeadLetterFilter Read(ParseResult parsed)
    {
        var ids = parsed.GetValue(_ids) ?? [];
        return new DeadLetterFilter
        {
            Ids = ids.Length == 0 ? null : ids,
            Handler = parsed.GetValue(_handler),
            Source = parsed.GetValue(_source),
            Reason = parsed.GetValue(_reason),
            MessageId = parsed.GetValue(_messageId),
            MessageName = parsed.GetValue(_messageName),
            IsOutgoing = parsed.GetValue(_direction) is { } direction ? direction == "outgoing" : null,
            From = parsed.GetValue(_from),
            Until = parsed.GetValue(_until),
        };
    }

    private static DateTimeOffset? Time(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            return at;
        }

        result.AddError($"'{text}' is no time. Write it as 2026-01-31 or 2026-01-31T14:30:00Z.");
        return null;
    }
}
