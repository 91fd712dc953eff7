using Reliability.Benchmarks.Measuring;

namespace Reliability.Benchmarks.Product;

/// <summary>Counts what handlers have begun; the first starts the meter.</summary>
internal sealed class Progress(int expected, Meter meter)
{
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _begun;

    public Task AllBegun => _all.Task;

    public void Begin()
    {
        meter.Start();
        if (Interlocked.Increment(ref _begun) == expected)
            _all.TrySetResult();
    }
}
