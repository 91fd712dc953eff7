using System.Collections.Concurrent;

namespace Reliability.Outbox;

/// <summary>The transports whose rows this process claims: whoever listens is told to look for them when news may have been missed.</summary>
internal sealed class ClaimedTransports
{
    private readonly ConcurrentDictionary<string, bool> _transports = new(StringComparer.Ordinal);

    public IEnumerable<string> All => _transports.Keys;

    public void Add(string transport) => _transports.TryAdd(transport, true);
}
