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

    /// <summary>A group's transaction begins.</summary>
    public GroupScope StartGroup(IReadOnlyList<ReceivedMessage> group)
    {
        var activity = Instruments.Source.HasListeners() ? Begin(group) : null;
        var began = instruments.GroupDuration.Enabled || instruments.GroupSize.Enabled ? Stopwatch.GetTimestamp() : 0;
        return new GroupScope(instruments, group[0], group.Count, activity, began);
    }

    /// <summary>A handler begins. Its span is a child of the sender's, and linked to its group's.</summary>
    public ProcessScope StartProcess(ReceivedMessage message)
    {
        if (message.Attempt > 1 && instruments.Retries.Enabled)
        {
            instruments.Retries.Add(1, Tags(message));
        }

        var activity = Instruments.Source.HasListeners() ? Begin(message) : null;
        return new ProcessScope(instruments, message, activity, instruments.ProcessDuration.Enabled ? Stopwatch.GetTimestamp() : 0);
    }

    public void Duplicate(ReceivedMessage message)
    {
        if (instruments.Duplicates.Enabled)
        {
            instruments.Duplicates.Add(1, Tags(message));
        }
    }

    public void Conflict(ReceivedMessage message)
    {
        if (instruments.Conflicts.Enabled)
        {
            instruments.Conflicts.Add(1, Tags(message));
        }
    }

    public void Deferred(ReceivedMessage message)
    {
        if (instruments.Deferred.Enabled)
        {
            instruments.Deferred.Add(1, Tags(message));
        }
    }

    public void DeadLettered(string transport, string source, string? handler, DeadLetterReason reason)
    {
        if (!instruments.DeadLetters.Enabled)
        {
            return;
        }

        var tags = new TagList
        {
            { TelemetryTags.System, transport },
            { TelemetryTags.Destination, source },
            { TelemetryTags.Direction, TelemetryTags.Incoming },
            { TelemetryTags.Reason, reason.ToString() },
        };
        if (handler is not null)
        {
            tags.Add(TelemetryTags.Handler, handler);
        }

        instruments.DeadLetters.Add(1, tags);
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

    private static TagList Tags(ReceivedMessage message) => new()
    {
        { TelemetryTags.System, message.Transport },
        { TelemetryTags.Destination, message.Delivery.Source },
        { TelemetryTags.Handler, message.Handler?.Name },
    };

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
