using System.Diagnostics;

namespace Reliability;

/// <summary>One group's transaction. Disposed without <see cref="Committed"/>, it has failed.</summary>
internal struct GroupScope(Instruments instruments, ReceivedMessage first, int count, Activity? activity, long began) : IDisposable
{
    private bool _committed;

    public void Committed() => _committed = true;

    public readonly void Dispose()
    {
        if (!_committed)
        {
            activity?.SetStatus(ActivityStatusCode.Error, "rolled back");
        }

        activity?.Dispose();
        if (began == 0 || !_committed)
        {
            return;
        }

        var tags = new TagList { { TelemetryTags.System, first.Transport }, { TelemetryTags.Destination, first.Delivery.Source } };
        instruments.GroupSize.Record(count, tags);
        instruments.GroupDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
    }
}

/// <summary>One run of a handler.</summary>
internal struct ProcessScope(Instruments instruments, ReceivedMessage message, Activity? activity, long began) : IDisposable
{
    private string? _error;

    /// <summary>It threw.</summary>
    public void Failed(Exception error)
    {
        _error = error.GetType().FullName;
        // Only where somebody records it: the text is cleaned at some cost.
        activity?.SetTag(TelemetryTags.ErrorType, _error).SetStatus(ActivityStatusCode.Error, ErrorText.Of(error));
    }

    public readonly void Dispose()
    {
        activity?.Dispose();
        if (began == 0)
        {
            return;
        }

        var tags = new TagList
        {
            { TelemetryTags.System, message.Transport },
            { TelemetryTags.OperationName, TelemetryTags.Process },
            { TelemetryTags.Destination, message.Delivery.Source },
            { TelemetryTags.Handler, message.Handler?.Name },
        };
        if (_error is not null)
        {
            tags.Add(TelemetryTags.ErrorType, _error);
        }

        instruments.ProcessDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
    }
}
