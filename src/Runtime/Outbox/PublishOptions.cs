namespace Reliability;

/// <summary>Overrides for one published message.</summary>
public sealed record PublishOptions
{
    /// <summary>The most characters of a <see cref="Key"/>.</summary>
    public const int LongestKey = 1000;

    /// <summary>The most bytes of a <see cref="MessageId"/> or a header's name, in UTF-8: what AMQP carries.</summary>
    public const int LongestName = 255;

    /// <summary>The most <see cref="Headers"/>.</summary>
    public const int MostHeaders = 64;

    /// <summary>The most bytes of all <see cref="Headers"/>, names and values, in UTF-8.</summary>
    public const int LargestHeaders = 32 * 1024;

    /// <summary>The farthest that a message can be delayed, or expire.</summary>
    public static TimeSpan LongestDelay { get; } = TimeSpan.FromDays(3660);

    /// <summary>The message's id. Default: inside a handler, a hash of the handler, the dedupe key and the message's position; outside, a UUIDv7.</summary>
    public string? MessageId { get; init; }

    /// <summary>The route, instead of the type's.</summary>
    public string? Route { get; init; }

    /// <summary>The transport, instead of the type's.</summary>
    public string? Transport { get; init; }

    /// <summary>
    /// The message's key, instead of the type's. Messages of one key and transport leave in the order in which they were written
    /// (<see cref="RelayOptions.OrderPerKey"/>). At most <see cref="LongestKey"/> characters.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>
    /// More headers: text. Names that begin with <c>reliability-</c>, and <c>traceparent</c> and <c>tracestate</c>, are the library's; so are, with
    /// <see cref="ReliabilityOptions.CloudEvents"/> on, those of CloudEvents.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>
    /// Not before then. Default: at once. A time that has passed is at once, so that a handler may work it out of the message it handles, however late it runs. A
    /// delayed message holds none of its key back. Not together with <see cref="Delay"/>.
    /// </summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Not before this has passed, counted from the call. Not together with <see cref="NotBefore"/>.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>
    /// After then nobody wants it any more: not sent by then, it becomes a dead letter with the reason <see cref="DeadLetterReason.Expired"/>. Default: never.
    /// Not together with <see cref="TimeToLive"/>.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>As <see cref="ExpiresAt"/>, counted from when the message may leave: from the call, or from the end of its delay.</summary>
    public TimeSpan? TimeToLive { get; init; }
}
