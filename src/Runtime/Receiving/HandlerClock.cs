namespace Reliability;

/// <summary>The time of the handlers of one group, one after the other. One token serves them all: the first to take too long fails the group.</summary>
internal sealed class HandlerClock : IDisposable
{
    private readonly object _gate = new();
    private readonly TimeSpan _ordinary;
    private readonly TimeProvider _time;
    private readonly CancellationToken _abort;
    private readonly Action<HandlerClock> _ended;
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenRegistration _aborting;
    private ReceivedMessage? _message;
    private long _since;
    private long _renewed;
    private TimeSpan _reported;

    public HandlerClock(TimeSpan ordinary, TimeProvider time, Action<HandlerClock> ended, CancellationToken abort)
    {
        (_ordinary, _time, _abort, _ended) = (ordinary, time, abort, ended);
        _over = new CancellationTokenSource(System.Threading.Timeout.InfiniteTimeSpan, time);
        _aborting = abort.UnsafeRegister(over => ((CancellationTokenSource)over!).Cancel(), _over);
    }

    /// <summary>Cancelled when the handler's time is over, or all is given up.</summary>
    public CancellationToken Token => _over.Token;

    /// <summary>True where the handler's time is over.</summary>
    public bool IsOver => _over.IsCancellationRequested && !_abort.IsCancellationRequested;

    /// <summary>A handler begins.</summary>
    public void Start(ReceivedMessage message)
    {
        lock (_gate)
        {
            _message = message;
            _since = _renewed = _time.GetTimestamp();
            _reported = TimeSpan.Zero;
        }

        _over.CancelAfter(AllowedFor(message));
    }

    /// <summary>The last handler is done; committing has no such limit.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _message = null;
        }

        _over.CancelAfter(System.Threading.Timeout.InfiniteTimeSpan);
    }

    public HandlerTimeoutException TooLong(Exception? cause) => new(
        $"{_message!.Handler!.Name} did not end within {AllowedFor(_message)}, the time that its TimeoutSeconds, or {nameof(ReliabilityOptions)}.{nameof(ReliabilityOptions.HandlerTimeout)}, allows. "
        + "Its changes are rolled back; make it faster, or allow it more.", cause!);

    /// <summary>The handler that runs, and for how long, where its time is over; otherwise null.</summary>
    public (ReceivedMessage Message, TimeSpan Took)? Overdue()
    {
        lock (_gate)
        {
            return IsOver && _message is { } message ? (message, _time.GetElapsedTime(_since)) : null;
        }
    }

    /// <summary>A handler that runs on though its time is over, whenever that is worth a line; otherwise null.</summary>
    public (ReceivedMessage Message, TimeSpan Took, TimeSpan Allowed)? Late()
    {
        lock (_gate)
        {
            if (_message is not { } message)
            {
                return null;
            }

            var took = _time.GetElapsedTime(_since);
            var allowed = AllowedFor(message);
            // A moment for a handler that heeds its token to end.
            if (allowed == System.Threading.Timeout.InfiniteTimeSpan || took < allowed + TimeSpan.FromSeconds(1) || took < _reported * 2)
            {
                return null;
            }

            _reported = took;
            return (message, took, allowed);
        }
    }

    /// <summary>The deferred message that has been in hand for so long since its lease was prolonged; otherwise null.</summary>
    public DeferredDelivery? LeaseToRenew(TimeSpan every)
    {
        lock (_gate)
        {
            if (_message?.Delivery is not DeferredDelivery deferred || _time.GetElapsedTime(_renewed) < every)
            {
                return null;
            }

            _renewed = _time.GetTimestamp();
            return deferred;
        }
    }

    public void Dispose()
    {
        _ended(this);
        _aborting.Dispose();
        _over.Dispose();
    }

    private TimeSpan AllowedFor(ReceivedMessage message) => message.Handler!.Timeout ?? _ordinary;
}
