using System.Diagnostics;

namespace Reliability;

/// <summary>One group's transaction, while somebody listens. Disposed without <see cref="Committed"/>, it has failed.</summary>
internal sealed class GroupScope(Instruments instruments, ReceivedMessage first, int count, Activity? activity) : IDisposable
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private bool _committed;

    public void Committed() => _committed = true;

    public void Dispose()
    {
        if (_committed)
        {
            var tags = new TagList { { TelemetryTags.System, first.Transport }, { TelemetryTags.Destination, first.Delivery.Source } };
            instruments.GroupSize.Record(count, tags);
            instruments.GroupDuration.Record(Stopwatch.GetElapsedTime(_began).TotalSeconds, tags);
        }
        else
        {
            activity?.SetStatus(ActivityStatusCode.Error, "rolled back");
        }

        activity?.Dispose();
    }
}

/// <summary>One run of a handler, while somebody listens.</summary>
internal sealed class ProcessScope(Instruments instruments, ReceivedMessage message, Activity? activity) : IDisposable
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private string? _error;

    /// <summary>It threw.</summary>
    public void Failed(Exception error)
    {
        _error = error.GetType().FullName;
        activity?.SetTag(TelemetryTags.ErrorType, _error).SetStatus(ActivityStatusCode.Error, ErrorText.Of(error));
    }

    public void Dispose()
    {
        activity?.Dispose();
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

        instruments.ProcessDuration.Record(Stopwatch.GetElapsedTime(_began).TotalSeconds, tags);
    }
}
