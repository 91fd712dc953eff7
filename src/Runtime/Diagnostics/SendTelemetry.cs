using System.Diagnostics;

namespace Reliability;

/// <summary>What the relay reports.</summary>
internal sealed class SendTelemetry(Instruments instruments)
{
    /// <summary>One send begins: its span is a child of the publisher's, however long the row waited in between.</summary>
    public SendScope Start(string transport, string route, Envelope envelope)
    {
        var activity = Instruments.Source.HasListeners() ? Begin(transport, route, envelope) : null;
        var began = activity is not null || instruments.OperationDuration.Enabled || instruments.Sent.Enabled ? Stopwatch.GetTimestamp() : 0;
        return new SendScope(instruments, transport, route, activity is null ? envelope : TraceContext.In(envelope, activity), activity, began);
    }

    /// <summary>A row is tried again later.</summary>
    public void Retried(string transport, string route)
    {
        if (instruments.SendRetries.Enabled)
        {
            instruments.SendRetries.Add(1, new(TelemetryTags.System, transport), new(TelemetryTags.Destination, route));
        }
    }

    /// <summary>A row became a dead letter.</summary>
    public void DeadLettered(string transport, string route, DeadLetterReason reason)
    {
        if (instruments.DeadLetters.Enabled)
        {
            instruments.DeadLetters.Add(1, new TagList
            {
                { TelemetryTags.System, transport },
                { TelemetryTags.Destination, route },
                { TelemetryTags.Direction, TelemetryTags.Outgoing },
                { TelemetryTags.Reason, reason.ToString() },
            });
        }
    }

    private static Activity? Begin(string transport, string route, Envelope envelope)
    {
        var created = TraceContext.Of(envelope);
        var activity = Instruments.Source.CreateActivity($"{TelemetryTags.Send} {route}", ActivityKind.Producer, created);
        if (activity is null)
        {
            return null;
        }

        activity.SetTag(TelemetryTags.System, transport);
        activity.SetTag(TelemetryTags.OperationName, TelemetryTags.Send);
        activity.SetTag(TelemetryTags.OperationType, TelemetryTags.Send);
        activity.SetTag(TelemetryTags.Destination, route);
        activity.SetTag(TelemetryTags.MessageId, envelope.MessageId);
        activity.SetTag(TelemetryTags.BodySize, envelope.Body.Length);
        return activity.Start();
    }
}

/// <summary>One send, from before it to its outcome.</summary>
internal readonly struct SendScope(Instruments instruments, string transport, string route, Envelope envelope, Activity? activity, long began)
{
    /// <summary>What is sent: with this span's context where there is a span.</summary>
    public Envelope Envelope => envelope;

    /// <summary>How it ended.</summary>
    public void End(PublishOutcome outcome)
    {
        if (began == 0)
        {
            return;
        }

        var error = outcome.Status switch
        {
            PublishStatus.Confirmed => null,
            PublishStatus.Unavailable => "unavailable",
            PublishStatus.Refused => "refused",
            _ => "failed",
        };
        var tags = new TagList
        {
            { TelemetryTags.System, transport },
            { TelemetryTags.OperationName, TelemetryTags.Send },
            { TelemetryTags.OperationType, TelemetryTags.Send },
            { TelemetryTags.Destination, route },
        };
        if (error is not null)
        {
            tags.Add(TelemetryTags.ErrorType, error);
            activity?.SetTag(TelemetryTags.ErrorType, error).SetStatus(ActivityStatusCode.Error, ErrorText.Trim(outcome.Reason ?? error));
        }

        instruments.Sent.Add(1, tags);
        instruments.OperationDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
        activity?.Dispose();
    }
}
