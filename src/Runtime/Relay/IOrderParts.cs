namespace Reliability;

/// <summary>Which order keys' rows a relay may hold. A key belongs to one part (<see cref="OutboxRow.PartOf"/>), a part to one relay at a time.</summary>
internal interface IOrderParts
{
    /// <summary>The parts whose rows may be claimed.</summary>
    IReadOnlyList<int> Claimable { get; }

    /// <summary>True where no other process sends: a fresh row of a key then comes from memory like any other.</summary>
    bool FromMemory { get; }

    /// <summary>True while no other relay can hold the part: a row of it may be sent.</summary>
    bool Holds(int part);

    /// <summary>A row of the part came into hand, or left it.</summary>
    void Count(int part, int rows);
}

/// <summary>One process alone has all parts.</summary>
internal sealed class AllParts : IOrderParts
{
    public static AllParts Instance { get; } = new();

    public IReadOnlyList<int> Claimable { get; } = [.. Enumerable.Range(0, OutboxRow.Parts)];

    public bool FromMemory => true;

    public bool Holds(int part) => true;

    public void Count(int part, int rows)
    {
    }
}
