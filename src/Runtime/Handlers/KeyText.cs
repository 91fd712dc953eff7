using System.Globalization;

namespace Reliability;

/// <summary>
/// The text of a key member, the same in every process, culture and version. Generated wrappers call it; a missing value (null, an empty string, an
/// empty GUID) has no text.
/// </summary>
public static class KeyText
{
    /// <summary>The text of a string: itself.</summary>
    public static string? Of(string? value) => string.IsNullOrEmpty(value) ? null : value;

    /// <summary>The text of a GUID, hyphenated and lower-case.</summary>
    public static string? Of(Guid? value) => value is { } id && id != Guid.Empty ? id.ToString("D") : null;

    /// <summary>The text of an integer, in invariant digits.</summary>
    public static string? Of(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    /// <summary>The text of an unsigned integer, in invariant digits.</summary>
    public static string? Of(ulong? value) => value?.ToString(CultureInfo.InvariantCulture);

    /// <summary>The text of a date, as <c>yyyy-MM-dd</c>.</summary>
    public static string? Of(DateOnly? value) => value?.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>
    /// One text of several, in their order: no two different lists give the same. Texts are joined by <c>|</c>; a <c>|</c> or <c>\</c> within one is preceded by
    /// a <c>\</c>.
    /// </summary>
    /// <param name="texts">At least one; what <see cref="Required"/> returned.</param>
    public static string Join(params string[] texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfZero(texts.Length, nameof(texts));
        return string.Join('|', texts.Select(text => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)));
    }

    /// <summary>The value, or the rejection of a message whose dedupe key is missing.</summary>
    /// <param name="text">What an <c>Of</c> returned.</param>
    /// <param name="member">The member's path or the key method's name, for the error.</param>
    /// <exception cref="MessageRejectedException"><paramref name="text"/> is null.</exception>
    public static string Required(string? text, string member) => text
        ?? throw new MessageRejectedException(DeadLetterReason.MissingDedupeKey,
            $"The dedupe key {member} is missing or empty in the message, so the operation cannot be told from others.");
}
