namespace Reliability;

/// <summary>One operation about to be recorded as handled.</summary>
/// <param name="Consumer">The handler's name.</param>
/// <param name="Key">What identifies the operation.</param>
/// <param name="Fingerprint">Of the content, to tell a duplicate from a conflict.</param>
public readonly record struct InboxEntry(string Consumer, InboxKey Key, long Fingerprint)
{
    /// <summary>
    /// The text of the key, where another delivery of the operation may wait for its next attempt (<see cref="InboxVerdict.Waiting"/>); null: it is not
    /// looked for there, as for the one that waited and is run now.
    /// </summary>
    public string? DeferredAs { get; init; }
}

/// <summary>What the inbox says of an entry.</summary>
public enum InboxVerdict
{
    /// <summary>Not handled before; it is recorded now, with the transaction.</summary>
    New,

    /// <summary>Handled before, with the same content.</summary>
    Duplicate,

    /// <summary>Handled before, with another content.</summary>
    Conflict,

    /// <summary>Another delivery of it waits for its next attempt, which alone may run it. Nothing is recorded.</summary>
    Waiting,
}
