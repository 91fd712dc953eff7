namespace Reliability;

/// <summary>Whether one source is received from. Thread-safe.</summary>
#pragma warning disable CA1001 // The source of the token has no timer and no handle; disposing it could only race with stopping.
internal sealed class SourceState(string transport, string source, TimeProvider time)
{
    private readonly object _gate = new();
    private CancellationTokenSource _stop = new();
    private TaskCompletionSource _resume = NewSource();
    private TaskCompletionSource _running = NewSource();
    private SubscriptionStatus _status = new(transport, source, SubscriptionState.Waiting, time.GetUtcNow());

    public SubscriptionStatus Status
    {
        get
        {
            lock (_gate)
            {
                return _status;
            }
        }
    }

    public bool IsStopped => Status.State == SubscriptionState.Stopped;

    /// <summary>Begins to run.</summary>
    /// <returns>Cancelled when it is stopped.</returns>
    public CancellationToken Run()
    {
        lock (_gate)
        {
            _stop = new CancellationTokenSource();
            _status = new SubscriptionStatus(transport, source, SubscriptionState.Running, time.GetUtcNow());
            _running.TrySetResult();
            return _stop.Token;
        }
    }

    /// <returns>False where it had stopped before.</returns>
    public bool Stop(string handler, string messageId, string reason)
    {
        CancellationTokenSource stop;
        lock (_gate)
        {
            if (_status.State != SubscriptionState.Running)
            {
                return false;
            }

            _status = new SubscriptionStatus(transport, source, SubscriptionState.Stopped, time.GetUtcNow()) { Handler = handler, MessageId = messageId, Reason = reason };
            (_resume, _running) = (NewSource(), NewSource());
            stop = _stop;
        }

        stop.Cancel();
        return true;
    }

    public void End()
    {
        lock (_gate)
        {
            _status = _status with { State = SubscriptionState.Ended, Since = time.GetUtcNow() };
            _running.TrySetResult();
        }
    }

    /// <summary>Asks for it to run again, and waits until it does.</summary>
    public Task ResumeAsync()
    {
        lock (_gate)
        {
            _resume.TrySetResult();
            return _status.State == SubscriptionState.Stopped ? _running.Task : Task.CompletedTask;
        }
    }

    /// <summary>Waits until it is asked to run again.</summary>
    public Task ResumedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _resume.Task.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
