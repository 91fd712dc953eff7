using System.Text;

namespace Reliability;

/// <summary>What must hold of a published message's options. Checked when it is given to the outbox: later, nobody is there to read the error.</summary>
internal static class PublishChecks
{
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>When the message may leave, and until when.</summary>
    /// <exception cref="ArgumentException">The times contradict each other or are absurd.</exception>
    public static (DateTimeOffset? NotBefore, DateTimeOffset? ExpiresAt) Times(PublishOptions options, DateTimeOffset now)
    {
        Exclusive(options.NotBefore is not null, options.Delay is not null, nameof(options.NotBefore), nameof(options.Delay));
        Exclusive(options.ExpiresAt is not null, options.TimeToLive is not null, nameof(options.ExpiresAt), nameof(options.TimeToLive));
        var notBefore = options.Delay is { } delay ? now + Span(delay, TimeSpan.Zero, nameof(options.Delay)) : Time(options.NotBefore, now, nameof(options.NotBefore));
        if (notBefore <= now)
        {
            notBefore = null;
        }

        var expiresAt = options.TimeToLive is { } life
            ? (notBefore ?? now) + Span(life, TimeSpan.FromMilliseconds(1), nameof(options.TimeToLive))
            : Time(options.ExpiresAt, now, nameof(options.ExpiresAt));
        if (expiresAt <= notBefore)
        {
            throw Wrong(nameof(options.ExpiresAt), $"is {expiresAt:O}, not after NotBefore ({notBefore:O}): the message could never be sent");
        }

        return (notBefore, expiresAt);
    }

    /// <summary>The key, or null where it is missing or empty.</summary>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public static string? Key(string? key, string message)
    {
        if (string.IsNullOrEmpty(key))
        {
            return null;
        }

        if (key.Length > PublishOptions.LongestKey)
        {
            throw new ArgumentException(
                $"The key of {message} has {key.Length:N0} characters; at most {PublishOptions.LongestKey:N0} are allowed. Nothing was written; choose a shorter member for Key, such as an id or a hash.", nameof(key));
        }

        return Encodable(key) ? key : throw new ArgumentException($"The key of {message} is no valid text: half a surrogate pair. Nothing was written.", nameof(key));
    }

    /// <exception cref="ArgumentException">The id is empty, too long, or no text.</exception>
    public static string? MessageId(string? id)
    {
        if (id is not null && (id.Length == 0 || !Encodable(id) || Encoding.UTF8.GetByteCount(id) > PublishOptions.LongestName))
        {
            throw Wrong(nameof(PublishOptions.MessageId), $"must be a text of 1 to {PublishOptions.LongestName} bytes, and has {Encoding.UTF8.GetByteCount(id):N0}. Leave it out, and the message gets one");
        }

        return id;
    }

    /// <exception cref="ArgumentException">A header has a name that is not the sender's to write, a value that is no text, or there is too much of it.</exception>
    public static void Headers(IReadOnlyDictionary<string, string> headers, bool cloudEvents)
    {
        if (headers.Count > PublishOptions.MostHeaders)
        {
            throw Wrong(nameof(PublishOptions.Headers), $"has {headers.Count:N0} headers; at most {PublishOptions.MostHeaders} are allowed. Move them into the body");
        }

        var bytes = 0;
        foreach (var (name, value) in headers)
        {
            bytes += HeaderBytes(name, value, cloudEvents);
        }

        if (bytes > PublishOptions.LargestHeaders)
        {
            throw Wrong(nameof(PublishOptions.Headers), $"has {bytes:N0} bytes; at most {PublishOptions.LargestHeaders:N0} are allowed. Move them into the body");
        }
    }

    private static int HeaderBytes(string name, string? value, bool cloudEvents)
    {
        if (string.IsNullOrWhiteSpace(name) || !Encodable(name) || name.AsSpan().ContainsAnyInRange('\0', '\x1F') || Encoding.UTF8.GetByteCount(name) > PublishOptions.LongestName)
        {
            throw Wrong(nameof(PublishOptions.Headers), $"has a header whose name is empty, no text, or longer than {PublishOptions.LongestName} bytes");
        }

        if (HeaderNames.IsReserved(name) || (cloudEvents && CloudEvent.IsHeader(name)))
        {
            throw Wrong(nameof(PublishOptions.Headers), $"has the header '{name}', which the library writes itself. Choose another name");
        }

        if (value is null || !Encodable(value))
        {
            throw Wrong(nameof(PublishOptions.Headers), $"has the header '{name}' with a value that is {(value is null ? "null" : "no valid text: half a surrogate pair")}. Leave it out, or write bytes as base64");
        }

        return Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);
    }

    private static DateTimeOffset? Time(DateTimeOffset? at, DateTimeOffset now, string option)
    {
        if (at < Earliest)
        {
            throw Wrong(option, $"is {at:O}, which looks like a time that nobody set. Leave it out, or set it");
        }

        if (at is { } time && time - now > PublishOptions.LongestDelay)
        {
            throw Wrong(option, $"is {at:O}; the farthest allowed is {PublishOptions.LongestDelay.TotalDays:N0} days from now");
        }

        return at;
    }

    private static TimeSpan Span(TimeSpan span, TimeSpan least, string option) => span >= least && span <= PublishOptions.LongestDelay
        ? span
        : throw Wrong(option, $"is {span}; it must be at least {least} and at most {PublishOptions.LongestDelay.TotalDays:N0} days");

    private static void Exclusive(bool one, bool other, string first, string second)
    {
        if (one && other)
        {
            throw Wrong(first, $"and {second} are both set; set one of them");
        }
    }

    private static bool Encodable(string text)
    {
        // Most texts hold no surrogate at all.
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return true;
        }

        try
        {
            _ = Strict.GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private static ArgumentException Wrong(string option, string what) => new($"PublishOptions.{option} {what}. Nothing was written.");
}
