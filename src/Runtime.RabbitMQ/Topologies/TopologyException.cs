namespace Reliability;

/// <summary>The broker has a queue or exchange otherwise than this process needs it. The message says which, how, and what to do.</summary>
internal sealed class TopologyException(string message) : Exception(message);
