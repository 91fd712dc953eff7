using System.Diagnostics;

namespace Reliability;

/// <summary>What the relay reports: a span and two measures for each send, and what became of rows once it is written.</summary>
internal sealed class RelayTelemetry(Instruments instruments) : RelayObserver
{
    /// <summary>One send begins: its span is a child of the publisher's, however long the row waited in between.</summary>
    public override OutgoingMessage Beginning(OutboxRow row, OutgoingMessage message, out object? scope)
    {
        var activity = Instruments.Source.HasListeners() ? Begin(row) : null;
        scope = activity;
        return activity is null ? message : message with { Envelope = TraceContext.In(message.Envelope, activity) };
    }

    public override void Ended(OutboxRow row, object? scope, PublishOutcome outcome, TimeSpan took)
    {
        var error = ErrorTypeOf(outcome.Status);
        if (instruments.Sent.Enabled || instruments.OperationDuration.Enabled)
        {
            var tags = new TagList
            {
                { TelemetryTags.System, row.Transport },
                { TelemetryTags.OperationName, TelemetryTags.Send },
                { TelemetryTags.OperationType, TelemetryTags.Send },
                { TelemetryTags.Destination, row.Route },
            };
            if (error is not null)
            {
                tags.Add(TelemetryTags.ErrorType, error);
            }

            instruments.Sent.Add(1, tags);
            instruments.OperationDuration.Record(took.TotalSeconds, tags);
        }

        if (scope is Activity activity)
        {
            End(activity, error, outcome.Reason);
        }
    }

    public override void Written(string transport, int removed, int rescheduled, int deadLettered)
    {
        if (rescheduled > 0 && instruments.SendRetries.Enabled)
        {
            instruments.SendRetries.Add(rescheduled, new KeyValuePair<string, object?>(TelemetryTags.System, transport));
        }

        if (deadLettered > 0 && instruments.DeadLetters.Enabled)
        {
            instruments.DeadLetters.Add(deadLettered, new(TelemetryTags.System, transport), new(TelemetryTags.Direction, TelemetryTags.Outgoing));
        }
    }

    private static Activity? Begin(OutboxRow row)
    {
        var around = Activity.Current;
        var activity = Instruments.Source.StartActivity(
            $"{TelemetryTags.Send} {row.Route}", ActivityKind.Producer, TraceContext.Of(row.Envelope));
        // The lane's loop sends many at once: none of them is what the loop itself is part of.
        Activity.Current = around;
        return activity?.SetTag(TelemetryTags.System, row.Transport)
            .SetTag(TelemetryTags.OperationName, TelemetryTags.Send)
            .SetTag(TelemetryTags.OperationType, TelemetryTags.Send)
            .SetTag(TelemetryTags.Destination, row.Route)
            .SetTag(TelemetryTags.MessageId, row.Envelope.MessageId)
            .SetTag(TelemetryTags.BodySize, row.Envelope.Body.Length)
            .SetTag(TelemetryTags.Attempt, row.Attempts + 1);
    }

    private static void End(Activity activity, string? error, string? reason)
    {
        if (error is not null)
        {
            activity.SetTag(TelemetryTags.ErrorType, error).SetStatus(ActivityStatusCode.Error, ErrorText.Trim(reason ?? error));
        }

        var around = Activity.Current;
        activity.Dispose();
        Activity.Current = around;
    }

    private static string? ErrorTypeOf(PublishStatus status) => status switch
    {
        PublishStatus.Confirmed => null,
        PublishStatus.Unavailable => "unavailable",
        PublishStatus.Refused => "refused",
        _ => "failed",
    };
}
