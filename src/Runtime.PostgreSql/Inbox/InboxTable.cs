using Reliability.Connections;

namespace Reliability.Inbox;

internal sealed class InboxTable(Database database, InboxStatements statements, ConsumerNumbers consumers) : IInboxTable
{
    public async ValueTask<IReadOnlyList<InboxCount>> CountAsync(CancellationToken cancellationToken) => await database.RowsAsync(
        row => new InboxCount(row.Text(0)!, row.GetInt64(1), row.GetInt64(2)), cancellationToken, statements.Count()).ConfigureAwait(false);

    public async ValueTask<int> ForgetAsync(string consumer, TimeSpan age, int limit, CancellationToken cancellationToken)
    {
        database.RequireNotClosed();
        var number = consumers.Of(consumer);
        var connection = await database.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using var close = connection.ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var rollback = transaction.ConfigureAwait(false);
        if (!(await connection.RowsAsync(transaction, [statements.TryLead()], row => row.GetBoolean(0), cancellationToken).ConfigureAwait(false))[0])
            return 0;

        var forgotten = await connection.RunAsync(transaction, [ByIndex.Begin(), statements.Forget(number, age, limit)], cancellationToken).ConfigureAwait(false);
        if (forgotten < limit)
            await connection.RunAsync(transaction, [statements.SumDuplicates(number)], cancellationToken).ConfigureAwait(false);

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return forgotten;
    }
}
