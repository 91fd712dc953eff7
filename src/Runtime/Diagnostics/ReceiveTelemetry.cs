using System.Diagnostics;

namespace Reliability;

/// <summary>What receiving reports.</summary>
internal sealed class ReceiveTelemetry(Instruments instruments)
{
    /// <summary>A span of more messages links to the first ones only.</summary>
    private const int MostLinks = 128;

    /// <summary>Deliveries have come, and are begun.</summary>
    public void Consumed(string transport, string source, int count)
    {
        if (instruments.Consumed.Enabled)
        {
            instruments.Consumed.Add(
                count, new(TelemetryTags.System, transport), new(TelemetryTags.OperationName, TelemetryTags.Receive), new(TelemetryTags.Destination, source));
        }
    }

    /// <summary>A group's transaction begins. Null where nobody listens.</summary>
    public GroupScope? StartGroup(IReadOnlyList<ReceivedMessage> group)
    {
        var activity = Instruments.Source.HasListeners() ? Begin(group) : null;
        return activity is not null || instruments.GroupDuration.Enabled || instruments.GroupSize.Enabled
            ? new GroupScope(instruments, group[0], group.Count, activity)
            : null;
    }

    /// <summary>A handler begins. Its span is a child of the sender's, and linked to its group's. Null where nobody listens.</summary>
    public ProcessScope? StartProcess(ReceivedMessage message)
    {
        if (message.Attempt > 1 && instruments.Retries.Enabled)
        {
            instruments.Retries.Add(1, Tags(message));
        }

        var activity = Instruments.Source.HasListeners() ? Begin(message) : null;
        return activity is not null || instruments.ProcessDuration.Enabled ? new ProcessScope(instruments, message, activity) : null;
    }

    /// <summary>The outcomes of these messages are committed.</summary>
    public void Done(IReadOnlyList<ReceivedMessage> group)
    {
        if (!instruments.Duplicates.Enabled && !instruments.Deferred.Enabled && !instruments.DeadLetters.Enabled && !instruments.Conflicts.Enabled)
        {
            return;
        }

        for (var index = 0; index < group.Count; index++)
        {
            Done(group[index]);
        }
    }

    private void Done(ReceivedMessage message)
    {
        switch (message.Outcome)
        {
            case MessageOutcome.Duplicate:
                instruments.Duplicates.Add(1, Tags(message));
                break;
            case MessageOutcome.Deferred:
                instruments.Deferred.Add(1, Tags(message));
                break;
            case MessageOutcome.DeadLettered:
                var tags = Tags(message);
                if (message.DeadFor == DeadLetterReason.Conflict)
                {
                    instruments.Conflicts.Add(1, tags);
                }

                tags.Add(TelemetryTags.Direction, TelemetryTags.Incoming);
                tags.Add(TelemetryTags.Reason, message.DeadFor.ToString());
                instruments.DeadLetters.Add(1, tags);
                break;
        }
    }

    /// <summary>Deliveries were settled at the broker, or not.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="source">The queue or topic.</param>
    /// <param name="began">Of <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="error">What was thrown; null: nothing.</param>
    public void Settled(string transport, string source, long began, Exception? error)
    {
        if (!instruments.OperationDuration.Enabled)
        {
            return;
        }

        var tags = new TagList
        {
            { TelemetryTags.System, transport },
            { TelemetryTags.OperationName, TelemetryTags.Settle },
            { TelemetryTags.OperationType, TelemetryTags.Settle },
            { TelemetryTags.Destination, source },
        };
        if (error is not null)
        {
            tags.Add(TelemetryTags.ErrorType, error.GetType().FullName);
        }

        instruments.OperationDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
    }

    private static TagList Tags(ReceivedMessage message)
    {
        var tags = new TagList { { TelemetryTags.System, message.Transport }, { TelemetryTags.Destination, message.Delivery.Source } };
        if (message.Handler is { } handler)
        {
            tags.Add(TelemetryTags.Handler, handler.Name);
        }

        return tags;
    }

    private static Activity? Begin(IReadOnlyList<ReceivedMessage> group)
    {
        var links = group.Select(message => TraceContext.Of(message.Delivery.Envelope)).Where(context => context != default)
            .Take(MostLinks).Select(context => new ActivityLink(context)).ToList();
        var source = group[0].Delivery.Source;
        var activity = Instruments.Source.StartActivity($"{TelemetryTags.Receive} {source}", ActivityKind.Client, parentContext: default, links: links);
        activity?.SetTag(TelemetryTags.System, group[0].Transport)
            .SetTag(TelemetryTags.OperationName, TelemetryTags.Receive)
            .SetTag(TelemetryTags.OperationType, TelemetryTags.Receive)
            .SetTag(TelemetryTags.Destination, source)
            .SetTag(TelemetryTags.BatchCount, group.Count);
        return activity;
    }

    private static Activity? Begin(ReceivedMessage message)
    {
        var created = TraceContext.Of(message.Delivery.Envelope);
        var around = Activity.Current;
        var activity = Instruments.Source.StartActivity(
            $"{TelemetryTags.Process} {message.Delivery.Source}", ActivityKind.Consumer, created,
            links: created != default && around is not null ? [new ActivityLink(around.Context)] : null);
        activity?.SetTag(TelemetryTags.System, message.Transport)
            .SetTag(TelemetryTags.OperationName, TelemetryTags.Process)
            .SetTag(TelemetryTags.OperationType, TelemetryTags.Process)
            .SetTag(TelemetryTags.Destination, message.Delivery.Source)
            .SetTag(TelemetryTags.MessageId, message.Delivery.Envelope.MessageId)
            .SetTag(TelemetryTags.BodySize, message.Delivery.Envelope.Body.Length)
            .SetTag(TelemetryTags.Handler, message.Handler?.Name)
            .SetTag(TelemetryTags.Attempt, message.Attempt);
        return activity;
    }
}
