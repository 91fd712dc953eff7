using System.Threading.Channels;

namespace Reliability.Benchmarks.HandWritten;

/// <summary>Removes what was confirmed from the table of outgoing messages, many at a time, beside everything else.</summary>
internal sealed class Removals(ILedger ledger, int expected)
{
    private readonly Channel<long> _confirmed = Channel.CreateUnbounded<long>(new() { SingleReader = true });

    public void Add(long row) => _confirmed.Writer.TryWrite(row);

    /// <summary>Returns when all that is expected has been removed.</summary>
    public async Task RunAsync()
    {
        var rows = new List<long>();
        for (var removed = 0; removed < expected; removed += rows.Count)
        {
            await _confirmed.Reader.WaitToReadAsync();
            rows.Clear();
            while (rows.Count < 2000 && _confirmed.Reader.TryRead(out var row))
                rows.Add(row);

            await ledger.RemoveAsync(rows);
        }
    }
}
