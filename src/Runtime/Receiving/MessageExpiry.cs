using System.Globalization;

namespace Reliability;

/// <summary>After when nobody wants a message any more, as its sender wrote it into a header: ISO 8601.</summary>
internal static class MessageExpiry
{
    /// <summary>True where its time is over. A header that is no time says nothing: the message is handled.</summary>
    public static bool IsOver(Envelope envelope, TimeProvider time) => Read(envelope) is { } expires && expires <= time.GetUtcNow();

    public static string Explain(Envelope envelope) =>
        $"Its sender wanted it handled before {Read(envelope):O}; its handler did not run.";

    private static DateTimeOffset? Read(Envelope envelope) =>
        envelope.Headers.Count > 0
        && envelope.Headers.TryGetValue(HeaderNames.ExpiresAt, out var text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expires)
            ? expires
            : null;
}
