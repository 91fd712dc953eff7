namespace Reliability;

/// <summary>The broker has a queue or exchange otherwise than this process needs it. The message says which, how, and what to do.</summary>
internal sealed class TopologyException(string message, bool isDifference = false) : Exception(message)
{
    /// <summary>True where it is there, with other properties or arguments.</summary>
    public bool IsDifference { get; } = isDifference;
}
