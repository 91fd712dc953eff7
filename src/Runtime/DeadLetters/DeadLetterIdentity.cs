using System.Globalization;
using System.Text;

namespace Reliability;

/// <summary>
/// What makes two dead letters the same: who could not handle or send it, what identifies the message, and its content. The content counts always:
/// two messages that wrongly share a dedupe key are two letters, or the second would be lost.
/// </summary>
public static class DeadLetterIdentity
{
    /// <summary>The letter's identity, in 16 bytes.</summary>
    public static byte[] Of(DeadLetter letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        var text = new StringBuilder(letter.IsOutgoing ? "out" : "in");
        Append(text, letter.Handler);
        Append(text, letter.Transport);
        Append(text, letter.Source);
        Append(text, letter.DedupeKey);
        // A sender that gives every copy a new id is known by the dedupe key.
        Append(text, letter.DedupeKey is null ? letter.Envelope.MessageId : null);
        text.Append(CultureInfo.InvariantCulture, $"|{InboxKey.FingerprintOf(letter.Envelope.Body.Span)}");
        return InboxKey.Of(text.ToString()).ToBytes();
    }

    // With its length, so that no choice of texts reads like another.
    private static void Append(StringBuilder text, string? part) =>
        text.Append(CultureInfo.InvariantCulture, $"|{part?.Length ?? -1}:{part}");
}
