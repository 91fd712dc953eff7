using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>The deliveries of one queue, over as many channels as it takes: a lost one, or a consumer that the broker cancelled, is replaced.</summary>
internal sealed class RabbitMqSubscription : ISubscription
{
    /// <summary>How large bodies are taken to be before the first has come: a queue of large ones must not be read into memory whole.</summary>
    private const int AssumedBody = 1024 * 1024;

    private readonly SubscriptionRequest _request;
    private readonly BrokerLink _link;
    private readonly TopologyDeclarer _declarer;
    private readonly RabbitMqOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    // Unbounded, because the prefetch bounds it: the client's dispatcher must never wait for us, or a stop would wait for it.
    private readonly Channel<Delivery> _deliveries = Channel.CreateUnbounded<Delivery>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Complaints _complaints = new();
    private readonly PrefetchBudget _budget;
    private readonly Task _running;
    private ConsumerSession? _session;

    public RabbitMqSubscription(
        SubscriptionRequest request, BrokerLink link, TopologyDeclarer declarer, RabbitMqOptions options, TimeProvider time, ILogger log)
    {
        (_request, _link, _declarer, _options, _time, _log) = (request, link, declarer, options, time, log);
        // Where the prefetch must stay as it is, nothing is assumed: all, until a size is known.
        _budget = new PrefetchBudget(request.Prefetch, request.PrefetchBytes, request.Ordered ? 0 : AssumedBody);
        _running = Task.Run(RunAsync);
    }

    public ChannelReader<Delivery> Deliveries => _deliveries.Reader;

    public ValueTask SettleAsync(IReadOnlyList<Delivery> handled, CancellationToken cancellationToken) =>
        BySessionAsync(handled, (session, tags) => session.AckAsync(tags));

    public ValueTask ReturnAsync(IReadOnlyList<Delivery> untried, CancellationToken cancellationToken) =>
        BySessionAsync(untried, (session, tags) => session.ReturnAsync(tags));

    public async ValueTask StopReceivingAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopReceivingAsync(CancellationToken.None).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _session, null) is { } session)
        {
            // Closing the channel gives back what is not settled.
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            string reason;
            var began = _time.GetTimestamp();
            try
            {
                reason = await ReceiveAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (TopologyException refusal)
            {
                reason = refusal.Message;
            }
            catch (Exception error) when (error is OperationCanceledException or TimeoutException)
            {
                _log.ReceivingError(_request.Source, error);
                reason = $"{_link.Address} does not answer for this queue. Look at its state and leader (rabbitmqctl list_queues name type state leader)";
            }
#pragma warning disable CA1031 // A supervisor outlives whatever the client throws; it says why and goes on.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _log.ReceivingError(_request.Source, error);
                reason = ConnectFailure.Explain(error, _link.Address);
            }

            await PauseAsync(reason, _time.GetElapsedTime(began)).ConfigureAwait(false);
        }

        if (_session is { } last)
        {
            await last.StopAsync().ConfigureAwait(false);
        }

        _deliveries.Writer.TryComplete();
    }

    /// <summary>Opens a consumer and waits for its end.</summary>
    /// <returns>Why it ended.</returns>
    private async Task<string> ReceiveAsync()
    {
        var connection = await _link.UpAsync(_stop.Token).ConfigureAwait(false);
        await DropSessionAsync().ConfigureAwait(false);
        await _declarer.EnsureQueueAsync(connection, _request.Source, _stop.Token).ConfigureAwait(false);
        _session = await ConsumerSession.OpenAsync(connection, _request, _budget, _deliveries.Writer, _stop.Token).ConfigureAwait(false);
        _log.Receiving(_request.Source, _budget.Asked);
        return await _session.Ended.WaitAsync(_stop.Token).ConfigureAwait(false);
    }

    /// <summary>What the lost channel delivered and nobody has read is forgotten: the broker sends it again.</summary>
    private async Task DropSessionAsync()
    {
        if (_session is not { } lost)
        {
            return;
        }

        _session = null;
        await lost.DisposeAsync().ConfigureAwait(false);
        var forgotten = 0;
        while (_deliveries.Reader.TryRead(out _))
        {
            forgotten++;
        }

        if (forgotten > 0)
        {
            _log.PassedOver(forgotten, _request.Source);
        }
    }

    private async Task PauseAsync(string reason, TimeSpan lasted)
    {
        if (lasted > _options.LongestReconnectPause)
        {
            _complaints.Clear();
        }

        reason = ConnectFailure.WithoutStop(reason);
        var worthALine = _complaints.Add(reason);
        var pause = Backoff.Pause(_options.FirstReconnectPause, _options.LongestReconnectPause, _complaints.Failures);
        if (worthALine)
        {
            _log.NotReceiving(_request.Source, reason, pause);
        }

        await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async ValueTask BySessionAsync(IReadOnlyList<Delivery> deliveries, Func<ConsumerSession, IReadOnlyList<ulong>, Task<bool>> settle)
    {
        foreach (var group in deliveries.Cast<RabbitMqDelivery>().GroupBy(delivery => delivery.Session))
        {
            var tags = group.Select(delivery => delivery.Tag).ToList();
            if (!await settle(group.Key, tags).ConfigureAwait(false))
            {
                _log.PassedOver(tags.Count, _request.Source);
            }
        }
    }
}
