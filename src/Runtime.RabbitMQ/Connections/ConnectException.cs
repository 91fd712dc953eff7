namespace Reliability;

/// <summary>No node can be used. The message says of each why, without a password.</summary>
internal sealed class ConnectException(string message) : Exception(message);
