using Reliability.Connections;
using Reliability.Inbox;

namespace Reliability.Positions;

internal sealed class PositionTable(ReadConnection reader, ConsumerNumbers consumers) : IPositionTable
{
    public async ValueTask<IReadOnlyList<LogPosition>> ReadAsync(string consumer, string source, CancellationToken cancellationToken) => await reader.RowsAsync(
        "SELECT part, last_offset, epoch FROM reliability_position WHERE consumer = @p1 AND source = @p2 ORDER BY part",
        row => new LogPosition(row.GetString(0), row.GetInt64(1)) { Epoch = row.GetInt64(2) }, [consumers.Of(consumer), source], cancellationToken).ConfigureAwait(false);
}
