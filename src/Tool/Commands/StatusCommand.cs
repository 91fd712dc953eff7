using System.CommandLine;
using Reliability.Tool.Output;

namespace Reliability.Tool.Commands;

/// <summary><c>status</c>: what waits, what failed, and whether that is trouble.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var lag = new Option<TimeSpan>("--max-lag")
        {
            Description = "Trouble where an outgoing message waits longer, as hours:minutes:seconds.",
            DefaultValueFactory = _ => TimeSpan.FromMinutes(1),
        };
        var command = new Command("status", "What waits, what failed, what was handled. Ends with 1 where there are dead letters, or the outbox lags.") { lag };
        command.OnStore(async (store, output, parsed, cancellationToken) =>
        {
            var status = await ReadAsync(store, parsed.GetValue(lag), cancellationToken).ConfigureAwait(false);
            Write(status, output);
            return status.Trouble.Count == 0 ? ExitCodes.Ok : ExitCodes.Trouble;
        });
        return command;
    }

    private static async Task<StatusDocument> ReadAsync(IMessageStore store, TimeSpan maxLag, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var outbox = await OutboxCommand.ReadAsync(store, now, cancellationToken).ConfigureAwait(false);
        var letters = new DeadLetterCounts(
            await store.DeadLetters.CountAsync(new DeadLetterFilter { IsOutgoing = false }, cancellationToken).ConfigureAwait(false),
            await store.DeadLetters.CountAsync(new DeadLetterFilter { IsOutgoing = true }, cancellationToken).ConfigureAwait(false));
        var deferred = (await store.Deferral.CountAsync(cancellationToken).ConfigureAwait(false))
            .Select(count => new DeferredDocument(count.Consumer, count.Messages, count.OldestAt, OutboxCommand.Age(now, count.OldestAt))).ToList();
        var handled = (await store.Inbox.CountAsync(cancellationToken).ConfigureAwait(false))
            .Select(count => new HandledDocument(count.Consumer, count.Handled, count.Duplicates)).ToList();
        return new StatusDocument(
            store.Description, await SchemaCommand.ReadAsync(store, cancellationToken).ConfigureAwait(false), letters, outbox, deferred, handled,
            [.. Trouble(letters, await LagsAsync(store, outbox, now, cancellationToken).ConfigureAwait(false), maxLag)]);
    }

    /// <summary>By transport, without what is to wait: that is delayed on purpose.</summary>
    private static async Task<List<(string Transport, TimeSpan Lag)>> LagsAsync(
        IMessageStore store, IReadOnlyList<BacklogDocument> outbox, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var lags = new List<(string, TimeSpan)>();
        foreach (var transport in outbox.Select(backlog => backlog.Transport).Distinct())
        {
            if (await store.Outbox.FindOldestAsync(transport, cancellationToken).ConfigureAwait(false) is { } oldest)
            {
                lags.Add((transport, now - oldest));
            }
        }

        return lags;
    }

    private static IEnumerable<string> Trouble(DeadLetterCounts letters, List<(string Transport, TimeSpan Lag)> lags, TimeSpan maxLag)
    {
        if (letters.Incoming + letters.Outgoing > 0)
        {
            yield return $"{Cells.Of(letters.Incoming + letters.Outgoing)} dead letters wait for a person: reliability dead-letters list";
        }

        foreach (var (transport, lag) in lags.Where(waiting => waiting.Lag > maxLag))
        {
            yield return $"The oldest message to {transport} waits for {Cells.Age(lag.TotalSeconds)}: is a service running, and its broker there?";
        }
    }

    private static void Write(StatusDocument status, ToolOutput output)
    {
        if (output.IsJson)
        {
            output.Json(status, ToolJson.Default.StatusDocument);
            return;
        }

        output.Line($"{status.Store}, schema {status.Schema.Version}");
        output.Line($"Dead letters: {Cells.Of(status.DeadLetters.Incoming)} incoming, {Cells.Of(status.DeadLetters.Outgoing)} outgoing");
        OutboxCommand.Write(status.Outbox, output);
        if (status.Deferred.Count > 0)
        {
            output.Table(["handler", "deferred", "oldest"], status.Deferred.Select(deferred => new[] { deferred.Handler, Cells.Of(deferred.Messages), Cells.Age(deferred.AgeSeconds) }));
        }

        if (status.Inbox.Count > 0)
        {
            output.Table(["handler", "remembered", "duplicates dropped"], status.Inbox.Select(handled => new[] { handled.Handler, Cells.Of(handled.Handled), Cells.Of(handled.Duplicates) }));
        }

        foreach (var trouble in status.Trouble)
        {
            output.Error(trouble);
        }
    }
}
