namespace Reliability;

/// <summary>How the sending of a row ended.</summary>
/// <param name="Row">The row.</param>
/// <param name="Outcome">What the transport said.</param>
/// <param name="Expired">True where it was not sent, since its time was over.</param>
internal readonly record struct SentRow(OutboxRow Row, PublishOutcome Outcome, bool Expired = false);
