namespace Reliability;

/// <summary>A record about to be taken by a handler.</summary>
/// <param name="Consumer">The handler's name.</param>
/// <param name="Source">The topic or stream.</param>
/// <param name="Position">Where the record lies.</param>
public readonly record struct PositionEntry(string Consumer, string Source, LogPosition Position);
