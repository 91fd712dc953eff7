using Reliability.Connections;

namespace Reliability.Inbox;

internal sealed class InboxTable(WriteGate gate, ReadConnection reader) : IInboxTable
{
    public async ValueTask<IReadOnlyList<InboxCount>> CountAsync(CancellationToken cancellationToken) => await reader.RowsAsync(
        "SELECT name, (SELECT count(*) FROM reliability_inbox WHERE consumer = c.id), duplicates FROM reliability_consumer AS c ORDER BY name",
        row => new InboxCount(row.GetString(0), row.GetInt64(1), row.GetInt64(2)), [], cancellationToken).ConfigureAwait(false);

    public ValueTask<int> ForgetAsync(string consumer, TimeSpan age, int limit, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Inbox.Forget(transaction, consumer, age, limit), cancellationToken);
}
