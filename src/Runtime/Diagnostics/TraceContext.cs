using System.Diagnostics;

namespace Reliability;

/// <summary>A message's trace context: W3C's headers, which its outbox row keeps.</summary>
internal static class TraceContext
{
    /// <summary>Where the message was created; nothing where it carries no context, or one that cannot be read.</summary>
    public static ActivityContext Of(Envelope envelope)
    {
        if (!envelope.Headers.TryGetValue(HeaderNames.TraceParent, out var parent))
        {
            return default;
        }

        envelope.Headers.TryGetValue(HeaderNames.TraceState, out var state);
        return ActivityContext.TryParse(parent, state, isRemote: true, out var context) ? context : default;
    }

    /// <summary>The message as a child of the activity: whoever handles it goes on from there.</summary>
    public static Envelope In(Envelope envelope, Activity activity)
    {
        var headers = new Dictionary<string, string>(envelope.Headers) { [HeaderNames.TraceParent] = activity.Id! };
        if (activity.TraceStateString is { Length: > 0 } state)
        {
            headers[HeaderNames.TraceState] = state;
        }
        else
        {
            headers.Remove(HeaderNames.TraceState);
        }

        return envelope with { Headers = headers };
    }
}
