namespace Reliability;

/// <summary>Counts what a holder has in hand, or has promised room for, in rows and bytes. Not thread-safe.</summary>
/// <param name="capacity">The most rows.</param>
/// <param name="capacityBytes">The most bytes.</param>
/// <param name="parts">Is told of rows with an order key.</param>
internal sealed class RowsInHand(int capacity, long capacityBytes, IOrderParts? parts)
{
    /// <summary>What a row takes beside its body, roughly: ids, headers, bookkeeping.</summary>
    private const int Overhead = 512;

    private readonly Dictionary<long, (int Bytes, int Part)> _rows = [];
    private int _reserved;
    private long _bytes;

    public int Room => Math.Max(0, capacity - _rows.Count - _reserved);

    public long ByteRoom => Math.Max(0, capacityBytes - _bytes);

    public bool IsHalfFull => _rows.Count > capacity / 2 || _bytes > capacityBytes / 2;

    public bool IsEmpty => _rows.Count == 0;

    public bool TryReserve(IReadOnlyList<OutboxRow> rows)
    {
        var bytes = Bytes(rows);
        if (rows.Count > Room || bytes > ByteRoom)
        {
            return false;
        }

        _reserved += rows.Count;
        _bytes += bytes;
        return true;
    }

    public void Cancel(IReadOnlyList<OutboxRow> rows)
    {
        _reserved -= rows.Count;
        _bytes -= Bytes(rows);
    }

    public bool TryAdd(OutboxRow row)
    {
        var part = parts is not null && row.OrderKey is { } key ? OutboxRow.PartOf(key) : -1;
        var bytes = Bytes(row);
        if (!_rows.TryAdd(row.Id, (bytes, part)))
        {
            return false;
        }

        _bytes += bytes;
        if (part >= 0)
        {
            parts!.Count(part, 1);
        }

        return true;
    }

    public void Remove(IReadOnlyList<long> ids)
    {
        foreach (var id in ids)
        {
            Remove(id);
        }
    }

    public void Remove(long id)
    {
        if (_rows.Remove(id, out var row))
        {
            _bytes -= row.Bytes;
            if (row.Part >= 0)
            {
                parts!.Count(row.Part, -1);
            }
        }
    }

    /// <summary>True where the bound on bytes may have kept rows out of an answer: the next one would hardly have fitted.</summary>
    public static bool IsCut(IReadOnlyList<OutboxRow> rows, long maxBytes, int largestBody) => rows.Count > 0 && Bytes(rows) > maxBytes - largestBody;

    public List<long> Ids() => [.. _rows.Keys];

    private static long Bytes(IReadOnlyList<OutboxRow> rows)
    {
        var bytes = 0L;
        for (var index = 0; index < rows.Count; index++)
        {
            bytes += Bytes(rows[index]);
        }

        return bytes;
    }

    private static int Bytes(OutboxRow row) => row.Envelope.Body.Length + Overhead;
}
