using Reliability.Connections;

namespace Reliability.Positions;

internal sealed class PositionTable(Database database, PositionStatements statements) : IPositionTable
{
    public async ValueTask<IReadOnlyList<LogPosition>> ReadAsync(string consumer, string source, CancellationToken cancellationToken)
    {
        database.RequireNotClosed();
        return await database.RowsAsync(
            row => new LogPosition(row.Text(0)!, row.GetInt64(1)) { Epoch = row.GetInt64(2) }, cancellationToken, statements.Read(consumer, source)).ConfigureAwait(false);
    }
}
