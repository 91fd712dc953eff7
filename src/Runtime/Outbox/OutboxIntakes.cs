using System.Collections.Concurrent;

namespace Reliability;

/// <summary>Finds the holder of a row: the relay's lane of its transport, or the local queue of its route.</summary>
internal sealed class OutboxIntakes
{
    private readonly ConcurrentDictionary<(string Transport, string? Route), OutboxIntake> _intakes = new();

    public void Add(OutboxIntake intake) => _intakes[(intake.Transport, intake.Route)] = intake;

    /// <summary>Null where nothing in this process takes such rows: they wait in the store.</summary>
    public OutboxIntake? Find(OutboxRow row) => Find(row.Transport, row.Route);

    /// <summary>Rows were committed that are free to be claimed.</summary>
    public void Wake(OutboxNews news)
    {
        if (news.Transport != TransportNames.Local || news.Route.Length > 0)
        {
            Find(news.Transport, news.Route)?.Wake();
            return;
        }

        foreach (var (place, intake) in _intakes)
        {
            if (place.Transport == TransportNames.Local)
            {
                intake.Wake();
            }
        }
    }

    private OutboxIntake? Find(string transport, string route) =>
        _intakes.GetValueOrDefault((transport, transport == TransportNames.Local ? route : null));
}
