using System.Threading.Channels;

namespace Reliability;

/// <summary>Wakes a loop that otherwise looks at intervals. Waking it several times before it looks is waking it once.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Wake() => _woken.Writer.TryWrite(true);

    /// <summary>Returns when woken, after <paramref name="pause"/>, or when cancelled; never throws.</summary>
    public async Task WaitAsync(TimeSpan pause, TimeProvider time, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        Task woken = _woken.Reader.WaitToReadAsync(either.Token).AsTask();
        await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _woken.Reader.TryRead(out _);
    }
}
