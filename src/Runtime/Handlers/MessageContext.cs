namespace Reliability;

/// <summary>What a handler may want to know of the delivery beside its message.</summary>
/// <param name="MessageId">The sender's id of the message; empty where it gave none.</param>
/// <param name="Source">The queue or topic it came from.</param>
/// <param name="Handler">The handler's name.</param>
/// <param name="Attempt">1 for the first try.</param>
/// <param name="Headers">The message's headers.</param>
public sealed record MessageContext(string MessageId, string Source, string Handler, int Attempt, IReadOnlyDictionary<string, string> Headers);
