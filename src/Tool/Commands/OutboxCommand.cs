using System.CommandLine;
using Reliability.Tool.Output;

namespace Reliability.Tool.Commands;

/// <summary><c>outbox</c>: what waits, by route; or where one message is.</summary>
internal static class OutboxCommand
{
    public static Command Create()
    {
        var message = new Argument<string?>("message-id") { Description = "Where this message is, and what its handlers reported.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("outbox", "What waits to be sent, by route; with a message id, where that message is (after it has left, only with Audit on).") { message };
        command.OnStore((store, output, parsed, cancellationToken) => parsed.GetValue(message) is { } id
            ? FindAsync(store, id, output, cancellationToken)
            : ListAsync(store, output, cancellationToken));
        return command;
    }

    public static async Task<IReadOnlyList<BacklogDocument>> ReadAsync(IMessageStore store, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. (await store.Outbox.CountAsync(cancellationToken).ConfigureAwait(false)).Select(backlog =>
            new BacklogDocument(backlog.Transport, backlog.Route, backlog.Rows, backlog.Failing, backlog.OldestAt, Age(now, backlog.OldestAt)))];

    public static void Write(IReadOnlyList<BacklogDocument> outbox, ToolOutput output)
    {
        if (outbox.Count == 0)
        {
            output.Line("The outbox is empty.");
            return;
        }

        output.Table(
            ["transport", "route", "messages", "failing", "oldest"],
            outbox.Select(backlog => new[] { backlog.Transport, backlog.Route, Cells.Of(backlog.Messages), Cells.Of(backlog.Failing), Cells.Age(backlog.AgeSeconds) }));
    }

    /// <summary>In seconds. Clocks of two machines differ: never below 0.</summary>
    public static double Age(DateTimeOffset now, DateTimeOffset at) => Math.Round(Math.Max(0, (now - at).TotalSeconds), 1);

    private static async Task<int> ListAsync(IMessageStore store, ToolOutput output, CancellationToken cancellationToken)
    {
        var outbox = await ReadAsync(store, TimeProvider.System.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        if (output.IsJson)
        {
            output.Json(outbox, ToolJson.Default.IReadOnlyListBacklogDocument);
        }
        else
        {
            Write(outbox, output);
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> FindAsync(IMessageStore store, string id, ToolOutput output, CancellationToken cancellationToken)
    {
        if (await LookAsync(store, id, cancellationToken).ConfigureAwait(false) is not { } document)
        {
            output.Error($"{store.Description} knows nothing of the message {id}. Messages that left or were handled are known only while ReliabilityOptions.Audit is on.");
            return ExitCodes.Trouble;
        }

        if (output.IsJson)
        {
            output.Json(document, ToolJson.Default.MessageDocument);
            return ExitCodes.Ok;
        }

        output.Line($"{document.MessageId} is {document.State} since {Cells.Of(document.At)}");
        output.Line($"{document.Transport ?? "–"} '{document.Route ?? "–"}', {document.Attempts} failed attempts to send");
        if (document.Receipts.Count > 0)
        {
            output.Table(
                ["handler", "handled", "reason", "at"],
                document.Receipts.Select(receipt => new[] { receipt.Handler, receipt.Consumed ? "yes" : "no", receipt.Reason, Cells.Of(receipt.At) }));
        }

        return ExitCodes.Ok;
    }

    private static async Task<MessageDocument?> LookAsync(IMessageStore store, string id, CancellationToken cancellationToken)
    {
        if (await store.Audit.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } found)
        {
            return new MessageDocument(
                found.MessageId, found.State.ToString(), found.At, found.Transport, found.Route, found.Attempts,
                [.. found.Receipts.Select(receipt => new ReceiptDocument(receipt.Consumer, receipt.Consumed, receipt.Reason, receipt.At))]);
        }

        // Without Audit no receipt says that a handler could not take it; its dead letter does.
        var letters = await store.DeadLetters.ListAsync(new DeadLetterFilter { MessageId = id }, afterId: 0, limit: 100, cancellationToken).ConfigureAwait(false);
        return letters.Count == 0
            ? null
            : new MessageDocument(
                id, nameof(MessageState.ConsumptionFailed), letters[^1].At, letters[^1].Transport, letters[^1].Source, Attempts: 0,
                [.. letters.Select(letter => new ReceiptDocument(letter.Handler ?? "", Consumed: false, letter.Reason.ToString(), letter.At))]);
    }
}
