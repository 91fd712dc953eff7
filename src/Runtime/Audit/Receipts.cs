namespace Reliability;

/// <summary>What handlers report of messages, where <see cref="AuditOptions.Enabled"/> asks for it.</summary>
internal static class Receipts
{
    /// <summary>Writes what became of these messages, in the transaction in which it became so. A message without an id cannot be asked for, and has none.</summary>
    public static async ValueTask WriteAsync(IUnitOfWork work, IReadOnlyList<ReceivedMessage> messages, AuditOptions audit, CancellationToken cancellationToken)
    {
        if (!audit.Enabled)
        {
            return;
        }

        var receipts = new List<Receipt>(messages.Count);
        for (var index = 0; index < messages.Count; index++)
        {
            if (messages[index] is { Handler: { } handler, Outcome: MessageOutcome.Handled or MessageOutcome.DeadLettered } message
                && message.Delivery.Envelope.MessageId is { Length: > 0 } id)
            {
                receipts.Add(new Receipt(id, handler.Name, message.Outcome == MessageOutcome.Handled, message.DeadFor?.ToString()));
            }
        }

        if (receipts.Count > 0)
        {
            await work.AddReceiptsAsync(receipts, cancellationToken).ConfigureAwait(false);
        }
    }
}
