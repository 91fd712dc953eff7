using Reliability.Connections;

namespace Reliability.Audit;

internal sealed class AuditTable(Database database, AuditStatements statements) : IAuditTable
{
    public async ValueTask<MessageStatus?> FindAsync(string messageId, CancellationToken cancellationToken)
    {
        var sendings = await database.RowsAsync(AuditStatements.ReadSending, cancellationToken, statements.FindSending(messageId)).ConfigureAwait(false);
        var receipts = await database.RowsAsync(
            row => AuditStatements.ReadReceipt(messageId, row), cancellationToken, statements.FindReceipts(messageId)).ConfigureAwait(false);
        // A message that waits again, as after a replay, is pending, whatever became of it before.
        var sending = sendings.MaxBy(known => (known.State == MessageState.Pending, known.At));
        if (sending is null && receipts.Count == 0)
            return null;

        var (state, at) = receipts.Exists(receipt => !receipt.Consumed) ? (MessageState.ConsumptionFailed, receipts.Where(receipt => !receipt.Consumed).Max(receipt => receipt.At))
            : receipts.Count > 0 ? (MessageState.Consumed, receipts.Max(receipt => receipt.At))
            : (sending!.State, sending.At);
        return new MessageStatus(messageId, state, at, sending?.Transport, sending?.Route, sending?.Attempts ?? 0, receipts);
    }

    public async ValueTask<int> ForgetAsync(TimeSpan age, int limit, CancellationToken cancellationToken)
    {
        var connection = await database.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using var close = connection.ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var rollback = transaction.ConfigureAwait(false);
        if (!(await connection.RowsAsync(transaction, [statements.TryLead()], row => row.GetBoolean(0), cancellationToken).ConfigureAwait(false))[0])
            return 0;

        var sent = statements.ForgetSent(age, limit);
        var receipts = statements.ForgetReceipts(age, limit);
        await connection.RunAsync(transaction, [ByIndex.Begin(), sent, receipts], cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return (int)Math.Max(sent.Rows, receipts.Rows);
    }
}
