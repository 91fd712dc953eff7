using System.Threading.Channels;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>The deliveries of one topic: one consumer at a time, a thread that polls it, and a thread that commits.</summary>
internal sealed class KafkaSubscription : ISubscription
{
    private static readonly TimeSpan LongestClose = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PauseBeforeRebuild = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestCommitPause = TimeSpan.FromSeconds(5);

    private readonly string _source;
    private readonly Func<Handle, ITopicIds>? _topicIds;
    private readonly KafkaOptions _options;
    private readonly TroubleLog _trouble;
    private readonly ILogger _log;
    private readonly DeliveryWindow _window;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ConsumerSession _session;

    /// <exception cref="InvalidOperationException">The client refuses its settings.</exception>
    public KafkaSubscription(SubscriptionRequest request, KafkaOptions options, Func<Handle, ITopicIds> topicIds, TroubleLog trouble, ILogger log)
    {
        _source = request.Source;
        _topicIds = request.Positions ? topicIds : null;
        _options = options;
        _trouble = trouble;
        _log = log;
        _window = new(request.Prefetch);
        _session = Open();
        // Threads, not tasks: both wait in the client for most of their life, and would take threads from the pool.
        new Thread(Receive) { IsBackground = true, Name = $"kafka-poll:{_source}" }.Start();
        new Thread(Commit) { IsBackground = true, Name = $"kafka-commit:{_source}" }.Start();
    }

    public ChannelReader<Delivery> Deliveries => _window.Buffer;

    /// <summary>Returns at once: the offsets follow within a moment, and are tried again until the coordinator has them or the partition is taken back.</summary>
    public ValueTask SettleAsync(IReadOnlyList<Delivery> handled, CancellationToken cancellationToken)
    {
        _window.Settle(handled.Cast<KafkaDelivery>());
        return ValueTask.CompletedTask;
    }

    public ValueTask ReturnAsync(IReadOnlyList<Delivery> untried, CancellationToken cancellationToken)
    {
        _window.Return(untried.Cast<KafkaDelivery>());
        return ValueTask.CompletedTask;
    }

    /// <summary>The consumer stays in the group as long as anything is in hand, so that it can still be settled.</summary>
    public ValueTask StopReceivingAsync(CancellationToken cancellationToken)
    {
        _window.StopReceiving();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _window.Close();
        try
        {
            await _ended.Task.WaitAsync(LongestClose).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _log.NotClosed("consumer", LongestClose, null);
        }
    }

    private ConsumerSession Open() => new(_source, ClientSettings.ForConsumer(_options), _topicIds, _window, _trouble, _log);

    private void Receive()
    {
        while (!_window.IsClosing)
        {
            try
            {
                if (_session.IsClosed)
                {
                    _session = Open();
                }

                _session.Run();
                if (!_window.IsClosing)
                {
                    // The topic was made anew: another consumer begins with what is there now.
                    _session.Close();
                }
            }
#pragma warning disable CA1031 // On a thread of our own an exception would end the process. Nothing is lost: what is open is delivered again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _log.ReceivingFailed(_source, PauseBeforeRebuild, error);
                _session.Close();
                _window.Pause(PauseBeforeRebuild);
            }
        }

        _session.Close();
        _ended.TrySetResult();
    }

    private void Commit()
    {
        var failures = 0;
        while (_window.WaitForCommittable())
        {
            if (_session.TryCommit() is not { } problem)
            {
                failures = 0;
                continue;
            }

            var pause = TimeSpan.FromMilliseconds(50 * Math.Pow(2, Math.Min(failures, 10)));
            pause = pause < LongestCommitPause ? pause : LongestCommitPause;
            // The first failure is often a rebalance that is over a moment later; a long outage is not worth a line every five seconds.
            if (++failures > 1 && int.IsPow2(failures))
            {
                _log.NotCommitted(_source, problem, pause);
            }

            _window.Pause(pause);
        }
    }
}
