using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// How the subscriptions stand, how much waits in the outbox, and since when. Counting reads the table, so it is done in the background, every 15 s, and only while somebody listens
/// to the gauge in question.
/// </summary>
internal sealed class RuntimeGauges : BackgroundService
{
    private readonly IMessageStore _store;
    private readonly HandlerCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly ILogger<RuntimeGauges> _log;
    private readonly ObservableGauge<long> _pending;
    private readonly ObservableGauge<double> _oldest;
    private volatile IReadOnlyList<OutboxBacklog> _backlog = [];
    private volatile IReadOnlyList<(string Transport, DateTimeOffset? At)> _since = [];

    public RuntimeGauges(IMessageStore store, HandlerCatalog catalog, ISubscriptions subscriptions, Instruments instruments, TimeProvider time, ILogger<RuntimeGauges> log)
    {
        (_store, _catalog, _time, _log) = (store, catalog, time, log);
        _pending = instruments.Meter.CreateObservableGauge("reliability.outbox.pending", Pending, "{message}", "Messages in the outbox that no broker has confirmed yet.");
        _oldest = instruments.Meter.CreateObservableGauge("reliability.outbox.oldest.age", Ages, "s", "Age of the oldest message in the outbox that was not to be delayed; 0: none.");
        instruments.Meter.CreateObservableGauge("reliability.subscription.state", () => subscriptions.List().Select(StateOf), description: "1 for the state that a subscription is in.");
    }

    /// <summary>How often it is measured.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await MeasureAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        try
        {
            _backlog = _pending.Enabled ? await _store.Outbox.CountAsync(cancellationToken).ConfigureAwait(false) : [];
            _since = _oldest.Enabled ? await FindOldestAsync(cancellationToken).ConfigureAwait(false) : [];
        }
#pragma warning disable CA1031 // The store is away: what was measured last is old, so nothing is shown, and the health check says why.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            (_backlog, _since) = ([], []);
            _log.OutboxNotMeasured(error);
        }
    }

    private async Task<IReadOnlyList<(string Transport, DateTimeOffset? At)>> FindOldestAsync(CancellationToken cancellationToken)
    {
        var since = new List<(string, DateTimeOffset?)>();
        foreach (var transport in _catalog.Transports)
        {
            since.Add((transport.Name, await _store.Outbox.FindOldestAsync(transport.Name, cancellationToken).ConfigureAwait(false)));
        }

        return since;
    }

    private static Measurement<int> StateOf(SubscriptionStatus status) => new(
        1, new(TelemetryTags.System, status.Transport), new(TelemetryTags.Destination, status.Source), new(TelemetryTags.State, status.State.ToString().ToLowerInvariant()));

    private IEnumerable<Measurement<long>> Pending() => _backlog.Select(waiting =>
        new Measurement<long>(waiting.Rows, new(TelemetryTags.System, waiting.Transport), new(TelemetryTags.Destination, waiting.Route)));

    private IEnumerable<Measurement<double>> Ages()
    {
        var now = _time.GetUtcNow();
        return _since.Select(oldest => new Measurement<double>(
            oldest.At is { } at ? Math.Max(0, (now - at).TotalSeconds) : 0, new KeyValuePair<string, object?>(TelemetryTags.System, oldest.Transport)));
    }
}
