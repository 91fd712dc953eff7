using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>Channels that nothing more is sent by, kept until their last confirm has come or its time is over.</summary>
internal sealed class RetiredChannels(ILogger log) : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly List<PublishChannel> _channels = [];

    public void Add(PublishChannel channel)
    {
        log.PublishChannelRetired();
        lock (_gate)
        {
            _channels.Add(channel);
        }
    }

    /// <summary>Ends the wait of what was sent before <paramref name="deadline"/>, and closes the channels that nobody waits for any more.</summary>
    public void Expire(long deadline, PublishOutcome outcome)
    {
        foreach (var channel in Take(all: false, deadline, outcome))
        {
            _ = channel.DisposeAsync().AsTask();
        }
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(Take(all: true, deadline: 0, default).Select(channel => channel.DisposeAsync().AsTask())).ConfigureAwait(false);

    private List<PublishChannel> Take(bool all, long deadline, PublishOutcome outcome)
    {
        lock (_gate)
        {
            if (_channels.Count == 0)
            {
                return [];
            }

            if (!all)
            {
                _channels.ForEach(channel => channel.Expire(deadline, outcome));
            }

            var done = _channels.FindAll(channel => all || !channel.IsAwaited);
            _channels.RemoveAll(done.Contains);
            return done;
        }
    }
}
