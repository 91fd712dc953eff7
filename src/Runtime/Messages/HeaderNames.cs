namespace Reliability;

/// <summary>Headers that the library writes itself. Senders may not set them; receivers find them in <see cref="Envelope.Headers"/>.</summary>
public static class HeaderNames
{
    /// <summary>How the library's own headers begin.</summary>
    public const string Prefix = "reliability-";

    /// <summary>After when nobody wants the message any more: ISO 8601, in UTC.</summary>
    public const string ExpiresAt = "reliability-expires-at";

    /// <summary>The W3C trace context of whoever published the message.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>What tracing systems add to <see cref="TraceParent"/>.</summary>
    public const string TraceState = "tracestate";

    /// <summary>True for a name that only the library writes. Case is ignored, since some brokers and clients do.</summary>
    public static bool IsReserved(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            || name.Equals(TraceParent, StringComparison.OrdinalIgnoreCase)
            || name.Equals(TraceState, StringComparison.OrdinalIgnoreCase);
    }
}
