namespace Reliability;

/// <summary>How far handlers have come in logs, outside of units of work.</summary>
public interface IPositionTable
{
    /// <summary>The last position that a handler has taken of each part of a source; parts of which it has taken none are missing.</summary>
    /// <exception cref="InvalidOperationException">The store was started without that handler.</exception>
    ValueTask<IReadOnlyList<LogPosition>> ReadAsync(string consumer, string source, CancellationToken cancellationToken);
}
