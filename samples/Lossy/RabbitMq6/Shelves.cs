using System.Collections.Concurrent;

namespace Shop.Warehouse;

/// <summary>What lies on the shelves, by article.</summary>
internal sealed class Shelves
{
    private readonly ConcurrentDictionary<string, int> _stock = new(StringComparer.OrdinalIgnoreCase)
    {
        ["teapot"] = 12,
        ["cup"] = 48,
    };

    public bool TryTake(string article, int quantity, out int available)
    {
        while (_stock.TryGetValue(article, out available) && available >= quantity)
        {
            if (_stock.TryUpdate(article, available - quantity, available))
                return true;
        }

        return false;
    }
}
