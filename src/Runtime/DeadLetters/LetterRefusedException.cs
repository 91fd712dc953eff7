namespace Reliability;

/// <summary>A dead letter cannot be replayed like that; the transaction is rolled back.</summary>
#pragma warning disable CA1032, CA1064 // Never leaves this assembly.
internal sealed class LetterRefusedException(string reason) : Exception(reason);
