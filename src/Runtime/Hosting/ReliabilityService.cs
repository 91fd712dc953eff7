using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Starts the store, then the transports, then receiving and sending; stops receiving, then sending; the container disposes the transports and the store. What is configured wrongly fails the start;
/// a database or broker that is merely away is waited for in the background.
/// </summary>
internal sealed class ReliabilityService(
    IMessageStore store, HandlerCatalog catalog, Workers workers, UnclaimedMessages unclaimed, ReliabilityOptions options, IHostApplicationLifetime application, TimeProvider time, ILogger<ReliabilityService> log)
    : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private Task<int> _running = Task.FromResult(0);

    /// <summary>How long a handler may ignore its cancelled token before the host stops without it.</summary>
    private static readonly TimeSpan AfterAbort = TimeSpan.FromSeconds(2);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await TryStartStoreAsync(failures: 0, cancellationToken).ConfigureAwait(false))
        {
            await StartTransportsAsync(cancellationToken).ConfigureAwait(false);
            _running = WatchAsync(await workers.StartAsync(_stop.Token, _abort.Token).ConfigureAwait(false));
            return;
        }

        _running = WatchAsync(StartLaterAsync());
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        var timeout = Task.Delay(options.ShutdownTimeout, time, cancellationToken);
        if (await Task.WhenAny(_running, timeout).ConfigureAwait(false) != _running)
        {
            log.StoppedHard(options.ShutdownTimeout);
        }

        await _abort.CancelAsync().ConfigureAwait(false);
        if (await Task.WhenAny(_running, Task.Delay(AfterAbort, time, CancellationToken.None)).ConfigureAwait(false) == _running)
        {
            log.Stopped(await _running.ConfigureAwait(false));
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _abort.Dispose();
    }

    /// <summary>A loop that ends with an error would leave messages lying while the application looks healthy: stop it instead.</summary>
    private async Task<int> WatchAsync(Task<int> running)
    {
        try
        {
            return await running.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it was, the application must not go on without its workers.
        catch (Exception error)
#pragma warning restore CA1031
        {
            log.Failed(store.Description, error);
            application.StopApplication();
            return 0;
        }
    }

    private async Task<int> StartLaterAsync()
    {
        try
        {
            for (var failures = 1; !await TryStartStoreAsync(failures, _stop.Token).ConfigureAwait(false);)
            {
                failures++;
            }

            log.StoreBack(store.Description);
            await StartTransportsAsync(_stop.Token).ConfigureAwait(false);
            return await (await workers.StartAsync(_stop.Token, _abort.Token).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    private async Task<bool> TryStartStoreAsync(int failures, CancellationToken cancellationToken)
    {
        if (failures > 0)
        {
            await Task.Delay(Backoff.Pause(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(15), failures), time, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            await store.StartAsync(catalog.Registrations, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (store.IsUnavailable(error))
        {
            log.StoreAway(store.Description, Backoff.Pause(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(15), failures + 1), error);
            return false;
        }
    }

    private async Task StartTransportsAsync(CancellationToken cancellationToken)
    {
        log.Started(store.Description, catalog.Handlers.Count, string.Join(", ", catalog.Transports.Select(transport => transport.Name)));
        await unclaimed.WarnAsync(cancellationToken).ConfigureAwait(false);
        foreach (var transport in catalog.Transports)
        {
            await transport.StartAsync(catalog.TopologyOf(transport.Name), cancellationToken).ConfigureAwait(false);
        }
    }
}
