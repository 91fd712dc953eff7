using System.Collections.Concurrent;

namespace Reliability;

/// <summary>Finds the holder of a row: the relay's lane of its transport, or the local queue of its route.</summary>
internal sealed class OutboxIntakes
{
    private readonly ConcurrentDictionary<(string Transport, string? Route), OutboxIntake> _intakes = new();

    public void Add(OutboxIntake intake) => _intakes[(intake.Transport, intake.Route)] = intake;

    /// <summary>Null where nothing in this process takes such rows: they wait in the store.</summary>
    public OutboxIntake? Find(OutboxRow row) =>
        _intakes.GetValueOrDefault((row.Transport, row.Transport == TransportNames.Local ? row.Route : null));
}
