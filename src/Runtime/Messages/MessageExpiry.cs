using System.Globalization;

namespace Reliability;

/// <summary>When nobody wants a message any more, as its header says it.</summary>
public static class MessageExpiry
{
    /// <summary>The time in <see cref="HeaderNames.ExpiresAt"/>; null where the header is missing or is no time: then it never expires.</summary>
    public static DateTimeOffset? Of(Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        return envelope.Headers.TryGetValue(HeaderNames.ExpiresAt, out var text)
            && DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at)
                ? at
                : null;
    }

    internal static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
