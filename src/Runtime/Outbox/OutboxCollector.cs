namespace Reliability;

/// <summary>Collects the messages of one handler run, or of one unit of work outside of handlers, until they are written together.</summary>
/// <param name="catalog">Knows routes and sizes.</param>
/// <param name="nextId">Makes the id of the n-th message, from 0.</param>
/// <param name="time">The clock.</param>
internal sealed class OutboxCollector(HandlerCatalog catalog, Func<int, string> nextId, TimeProvider time) : IOutbox
{
    private List<OutboxRow> _rows = [];
    private int _taken;
    private string? _ended;

    public IReadOnlyList<OutboxRow> Rows => _rows;

    public void Publish<TMessage>(TMessage message, PublishOptions? options = null)
        where TMessage : notnull
    {
        if (_ended is not null)
        {
            throw new InvalidOperationException($"{_ended} The {typeof(TMessage).Name} was not written; begin another unit of work.");
        }

        _rows.Add(OutboxRows.Of(catalog, message, options, () => nextId(_taken + _rows.Count), time));
    }

    /// <summary>What was collected since the last call.</summary>
    public IReadOnlyList<OutboxRow> Take()
    {
        var rows = _rows;
        _taken += rows.Count;
        _rows = [];
        return rows;
    }

    /// <summary>Takes no more: what is published from now on would be lost.</summary>
    /// <param name="why">A sentence.</param>
    public void End(string why) => _ended ??= why;
}
