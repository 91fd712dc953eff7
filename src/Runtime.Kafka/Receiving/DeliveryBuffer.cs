using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Reliability;

/// <summary>
/// What waits for the reader. Differs from an ordinary channel in two ways: records of a partition that was taken back are left out, and those given
/// back come again before the newer ones, so that a partition keeps its order.
/// </summary>
/// <param name="gate">The window's gate.</param>
internal sealed class DeliveryBuffer(object gate) : ChannelReader<Delivery>
{
    private readonly Queue<KafkaDelivery> _fresh = new();
    private readonly PriorityQueue<KafkaDelivery, (int Partition, long Offset)> _returned = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<bool>? _waiting;
    private bool _complete;

    public override Task Completion => _completion.Task;

    public bool IsComplete => _complete;

    public void Add(KafkaDelivery delivery)
    {
        lock (gate)
        {
            _fresh.Enqueue(delivery);
            Wake();
        }
    }

    public void PutBack(KafkaDelivery delivery)
    {
        lock (gate)
        {
            delivery.Taken = false;
            _returned.Enqueue(delivery, (delivery.Progress.Partition.Partition.Value, delivery.Offset));
            Wake();
        }
    }

    /// <summary>No more is added. What is there can still be read.</summary>
    public void Complete()
    {
        lock (gate)
        {
            _complete = true;
            Wake();
        }
    }

    public override bool TryRead([MaybeNullWhen(false)] out Delivery item)
    {
        lock (gate)
        {
            if (SkipStale() is { } next)
            {
                item = _returned.Count > 0 ? _returned.Dequeue() : _fresh.Dequeue();
                next.Taken = true;
                SkipStale();
                return true;
            }

            item = null;
            return false;
        }
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<bool>(cancellationToken);
            }

            if (SkipStale() is not null)
            {
                return ValueTask.FromResult(true);
            }

            if (_complete)
            {
                return ValueTask.FromResult(false);
            }

            _waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return new(_waiting.Task.WaitAsync(cancellationToken));
        }
    }

    /// <summary>Drops what is stale from the front.</summary>
    /// <returns>What comes next, or null.</returns>
    private KafkaDelivery? SkipStale()
    {
        while (_returned.TryPeek(out var returned, out _))
        {
            if (!returned.Progress.IsWithdrawn)
            {
                return returned;
            }

            _returned.Dequeue();
        }

        while (_fresh.TryPeek(out var fresh))
        {
            if (!fresh.Progress.IsWithdrawn)
            {
                return fresh;
            }

            _fresh.Dequeue();
        }

        if (_complete)
        {
            _completion.TrySetResult();
        }

        return null;
    }

    private void Wake()
    {
        var any = SkipStale() is not null;
        if (any || _complete)
        {
            _waiting?.TrySetResult(any);
            _waiting = null;
        }
    }
}
