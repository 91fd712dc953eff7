namespace Reliability;

/// <summary>The nodes of a cluster, and which is used: tried in turn, so that a lost node is asked last.</summary>
internal sealed class NodeList(IReadOnlyList<BrokerAddress> nodes)
{
    private volatile int _current;

    public BrokerAddress Current => nodes[_current];

    /// <summary>Each once, from the current one on; the one that was taken last becomes the current one.</summary>
    public IEnumerable<BrokerAddress> InTurn()
    {
        var first = _current;
        for (var step = 0; step < nodes.Count; step++)
        {
            _current = (first + step) % nodes.Count;
            yield return nodes[_current];
        }
    }

    /// <summary>The current one was lost: the next is asked first.</summary>
    public void Skip() => _current = (_current + 1) % nodes.Count;
}
