namespace Reliability.Tool;

/// <summary>What was asked for cannot be understood, or must be said more plainly.</summary>
#pragma warning disable CA1032, CA1064 // Never leaves this program.
internal sealed class UsageException(string message) : Exception(message);
