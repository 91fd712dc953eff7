using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Takes records by their positions in the transaction that decides what becomes of them: handled, kept for later or dead, their own retry never comes from the log
/// again, and whatever does is a duplicate.
/// </summary>
internal static class TakenPositions
{
    /// <summary>Moves the positions of those messages that are known by them. What was taken before has the outcome <see cref="MessageOutcome.Duplicate"/> then.</summary>
    public static async ValueTask TakeAsync(IUnitOfWork work, IReadOnlyList<ReceivedMessage> group, ILogger log, CancellationToken cancellationToken)
    {
        List<PositionEntry>? entries = null;
        for (var index = 0; index < group.Count; index++)
        {
            if (group[index].PositionEntry is { } entry)
            {
                (entries ??= new List<PositionEntry>(group.Count)).Add(entry);
            }
        }

        if (entries is null)
        {
            return;
        }

        var verdicts = await work.TakePositionsAsync(entries, cancellationToken).ConfigureAwait(false);
        var next = 0;
        for (var index = 0; index < group.Count; index++)
        {
            if (group[index] is { PositionEntry: not null } message && verdicts[next++] != InboxVerdict.New)
            {
                message.Outcome = MessageOutcome.Duplicate;
                log.DuplicateDropped(message.Handler!.Name, message.Delivery.Envelope.MessageId, message.Delivery.Source);
            }
        }
    }
}
