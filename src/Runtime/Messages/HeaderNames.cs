namespace Reliability;

/// <summary>Headers that the library writes and reads.</summary>
internal static class HeaderNames
{
    /// <summary>W3C trace context: where the message was created.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>W3C trace context: what tracing systems add to it.</summary>
    public const string TraceState = "tracestate";
}
