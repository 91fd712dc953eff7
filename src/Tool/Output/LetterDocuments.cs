using System.Text;

namespace Reliability.Tool.Output;

/// <summary>Dead letters as they are written out.</summary>
internal static class LetterDocuments
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static LetterDocument Of(DeadLetter letter, bool headers = false, bool body = false)
    {
        var envelope = letter.Envelope;
        var text = body ? TextOf(envelope.Body.Span) : null;
        return new LetterDocument(
            letter.Id, letter.IsOutgoing ? "outgoing" : "incoming", letter.Handler, letter.Transport, letter.Source, envelope.MessageId, envelope.MessageName,
            envelope.Key, letter.DedupeKey, letter.Reason.ToString(), letter.Error, letter.Attempts, letter.FirstAt, letter.At, envelope.Body.Length,
            [.. envelope.Headers.Keys.Order(StringComparer.Ordinal)])
        {
            Headers = headers ? envelope.Headers : null,
            Body = text,
            BodyBase64 = body && text is null ? Convert.ToBase64String(envelope.Body.Span) : null,
        };
    }

    /// <summary>Null where the bytes are no text.</summary>
    public static string? TextOf(ReadOnlySpan<byte> body)
    {
        try
        {
            return Strict.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
