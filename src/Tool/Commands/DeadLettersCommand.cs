using System.CommandLine;
using System.Globalization;
using Reliability.Tool.Output;

namespace Reliability.Tool.Commands;

/// <summary><c>dead-letters</c>: what could not be handled or sent, and what a person does about it.</summary>
internal static class DeadLettersCommand
{
    public static Command Create() => new("dead-letters", "Messages that could not be handled or sent.")
    {
        List(),
        Show(),
        History(),
        ReplayCommand.Create(),
        EditCommand.Create(),
        DiscardCommand.Create(),
        ExportCommand.Create(),
    };

    private static Command List()
    {
        var limit = new Option<int>("--limit") { Description = "The most letters.", DefaultValueFactory = _ => 50 };
        var after = new Option<long>("--after") { Description = "Only numbers above this one: the last of the page before." };
        var command = new Command("list", "Lists dead letters, the oldest first.") { limit, after };
        var filter = new LetterFilterOptions(command);
        command.OnStore(async (store, output, parsed, cancellationToken) =>
        {
            if (parsed.GetValue(limit) is < 1 or > 10_000)
            {
                throw new UsageException("--limit must be between 1 and 10,000.");
            }

            var most = parsed.GetValue(limit);
            var letters = await store.DeadLetters.ListAsync(filter.Read(parsed), parsed.GetValue(after), most + 1, cancellationToken).ConfigureAwait(false);
            var page = letters.Take(most).ToList();
            Write(page, letters.Count > most ? page[^1].Id : null, output);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Write(List<DeadLetter> letters, long? next, ToolOutput output)
    {
        if (output.IsJson)
        {
            output.Json(new LettersDocument([.. letters.Select(letter => LetterDocuments.Of(letter))], next), ToolJson.Default.LettersDocument);
            return;
        }

        if (letters.Count == 0)
        {
            output.Line("No dead letters.");
            return;
        }

        output.Table(
            ["id", "dead since", "handler or route", "message", "attempts", "reason", "error"],
            letters.Select(letter => new[]
            {
                letter.Id.ToString(CultureInfo.InvariantCulture), Cells.Of(letter.At), Target(letter), letter.Envelope.MessageId,
                Cells.Of(letter.Attempts), letter.Reason.ToString(), Cells.Short(letter.Error, 60),
            }));
        if (next is { } last)
        {
            output.Line($"There are more: --after {last}");
        }
    }

    private static string Target(DeadLetter letter) => letter.IsOutgoing ? $"to {letter.Transport} '{letter.Source}'" : letter.Handler ?? $"none at {letter.Transport} '{letter.Source}'";

    private static Command Show()
    {
        var id = new Argument<long>("id") { Description = "The dead letter's number." };
        var body = new Option<bool>("--body") { Description = "With the body." };
        var headers = new Option<bool>("--headers") { Description = "With the headers' values." };
        var command = new Command("show", "Shows one dead letter; its body and its headers' values only where asked for.") { id, body, headers };
        command.OnStore(async (store, output, parsed, cancellationToken) =>
        {
            if (await store.OpenDeadLetters().FindAsync(parsed.GetValue(id), cancellationToken).ConfigureAwait(false) is not { } letter)
            {
                output.Error($"There is no dead letter {parsed.GetValue(id)} in {store.Description}: it was replayed or discarded (reliability dead-letters history), or never was.");
                return ExitCodes.Trouble;
            }

            var document = LetterDocuments.Of(letter, parsed.GetValue(headers), parsed.GetValue(body));
            if (output.IsJson)
            {
                output.Json(document, ToolJson.Default.LetterDocument);
            }
            else
            {
                Write(document, output);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Write(LetterDocument letter, ToolOutput output)
    {
        foreach (var (name, value) in new (string, string?)[]
        {
            ("id", letter.Id.ToString(CultureInfo.InvariantCulture)), ("direction", letter.Direction), ("handler", letter.Handler),
            (letter.Direction == "incoming" ? "came from" : "was to go to", $"{letter.Transport} '{letter.Source}'"), ("message id", letter.MessageId),
            ("message name", letter.MessageName), ("key", letter.Key), ("dedupe key", letter.DedupeKey), ("reason", letter.Reason),
            ("attempts", Cells.Of(letter.Attempts)), ("first", Cells.Of(letter.FirstAt)), ("dead since", Cells.Of(letter.At)),
            ("body", $"{Cells.Of(letter.BodyBytes)} bytes"),
        })
        {
            output.Line($"{name,-13} {value ?? "–"}");
        }

        foreach (var name in letter.HeaderNames)
        {
            output.Line($"{"header",-13} {name}{(letter.Headers is { } values ? $": {values[name]}" : "")}");
        }

        output.Line($"error{Environment.NewLine}{letter.Error}");
        if (letter.Body is { } text)
        {
            output.Line($"{Environment.NewLine}{text}");
        }
        else if (letter.BodyBase64 is { } bytes)
        {
            output.Line($"{Environment.NewLine}(no text; in base64) {bytes}");
        }
    }

    private static Command History()
    {
        var limit = new Option<int>("--limit") { Description = "The most actions.", DefaultValueFactory = _ => 50 };
        var after = new Option<long>("--after") { Description = "Only numbers above this one." };
        var command = new Command("history", "What was done with dead letters, by whom, and why.") { limit, after };
        command.OnStore(async (store, output, parsed, cancellationToken) =>
        {
            var most = parsed.GetValue(limit) is var given and >= 1 and <= 10_000 ? given : throw new UsageException("--limit must be between 1 and 10,000.");
            var actions = await store.DeadLetters.ListActionsAsync(parsed.GetValue(after), most + 1, cancellationToken).ConfigureAwait(false);
            var page = actions.Take(most).Select(action => new ActionDocument(
                action.Id, action.DeadLetterId, action.MessageId, action.Target, action.Kind.ToString(), action.By, action.Note, action.At)).ToList();
            if (output.IsJson)
            {
                output.Json(new ActionsDocument(page, actions.Count > most ? page[^1].Id : null), ToolJson.Default.ActionsDocument);
            }
            else
            {
                output.Table(
                    ["id", "at", "dead letter", "message", "handler or route", "done", "by", "note"],
                    page.Select(action => new[]
                    {
                        Cells.Of(action.Id), Cells.Of(action.At), Cells.Of(action.DeadLetterId), action.MessageId, action.Target, action.Kind, action.By, action.Note,
                    }));
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
