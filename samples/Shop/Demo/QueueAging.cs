namespace Shop.Demo;

/// <summary>
/// Sells a few orders before anything is killed, and waits. RabbitMQ 3.10 writes a new quorum queue's membership with a delay: killed in its first second or
/// two, a single node never elects its leader again, and the queue is dead until it is deleted.
/// </summary>
internal sealed class QueueAging(ShopSettings settings)
{
    private const int Orders = 20;
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ShopSettings _settings = settings with { Orders = Math.Min(Orders, settings.Orders) };

    /// <summary>Returns once the queues can bear a kill.</summary>
    /// <exception cref="TimeoutException">The first orders did not get through.</exception>
    public async Task LetAgeAsync(CancellationToken cancellationToken)
    {
        await using var worker = WorkerProcess.Start(_settings, 0);
        var begun = TimeProvider.System.GetTimestamp();
        while ((await ShopProgress.ReadAsync(_settings.Database, cancellationToken))?.Steps is not { } steps || steps < _settings.Steps)
        {
            if (worker.HasExited || TimeProvider.System.GetElapsedTime(begun) > Patience)
            {
                throw new TimeoutException($"The first {_settings.Orders} orders did not get through. The worker's log is in {_settings.Folder}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }

        await Task.Delay(Age, cancellationToken);
        await worker.StopAsync();
    }
}
