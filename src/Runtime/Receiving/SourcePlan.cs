namespace Reliability;

/// <summary>How one source is received from.</summary>
/// <param name="Transport">By which transport.</param>
/// <param name="Source">The queue or topic.</param>
/// <param name="Lanes">How many groups run side by side.</param>
/// <param name="Group">The most messages of a group.</param>
/// <param name="GroupTime">How long a group's handlers should take together.</param>
/// <param name="ReadAhead">How many messages are read and wait for a lane.</param>
/// <param name="Request">What the transport is asked for.</param>
internal sealed record SourcePlan(string Transport, string Source, int Lanes, int Group, TimeSpan GroupTime, int ReadAhead, SubscriptionRequest Request)
{
    /// <summary>More lanes than this make smaller groups, and gain little: while one commits, others run.</summary>
    private const int UsefulLanes = 4;

    public static SourcePlan Of(string transport, string source, IReadOnlyList<HandlerDescriptor> handlers, ReliabilityOptions options, IMessageStore store)
    {
        // A log's records must go through one lane, and an order key's too, whichever logs they lie in: where a handler wants both, that is one lane for all.
        var single = handlers.Any(handler => handler is { DedupeByOffset: true, Handler.IsOrdered: true });
        var lanes = single ? 1 : Math.Clamp(options.Lanes ?? UsefulLanes, 1, Math.Max(1, store.Parallelism));
        var group = handlers.Min(handler => handler.Group);
        var ordered = handlers.Any(handler => handler.Handler.IsOrdered);
        // Keys that wait for one lane must not keep the others idle, so all is read. Without keys, what the next groups take is enough; the rest stays
        // with the transport, which can give it to others when they come.
        var positions = handlers.Any(handler => handler.DedupeByOffset);
        var readAhead = (ordered || positions) && lanes > 1 ? options.Prefetch : Math.Min(options.Prefetch, lanes * group);
        return new SourcePlan(transport, source, lanes, group, options.GroupTime, readAhead,
            new SubscriptionRequest(source, options.Prefetch) { Ordered = ordered, Positions = positions, PrefetchBytes = options.PrefetchBytes });
    }
}
