namespace Shop.Demo;

/// <summary>The run's worker processes. The first takes the orders; each handles them.</summary>
public sealed class WorkerCrew : IAsyncDisposable
{
    private readonly ShopSettings _settings;
    private readonly Random _random;
    private readonly WorkerProcess[] _workers;

    public WorkerCrew(ShopSettings settings, int workers)
    {
        _settings = settings;
        _random = new Random(settings.Seed);
        _workers = [.. Enumerable.Range(0, workers).Select(Start)];
    }

    /// <summary>How many processes were started.</summary>
    public int Started { get; private set; }

    /// <summary>How many were killed.</summary>
    public int Killed { get; private set; }

    /// <summary>How many ended by themselves: none, unless something is wrong with it.</summary>
    public int Ended { get; private set; }

    /// <summary>Kills one of them.</summary>
    public async Task KillOneAsync()
    {
        var place = _random.Next(_workers.Length);
        if (_workers[place].HasExited)
        {
            // It was faster; the kill is for its successor.
            await ReplaceAsync(place);
        }

        await _workers[place].KillAsync();
        Killed++;
        await ReplaceAsync(place, wasKilled: true);
    }

    /// <summary>Starts anew those that ended by themselves, as an orchestrator does.</summary>
    public async Task ReplaceEndedAsync()
    {
        for (var place = 0; place < _workers.Length; place++)
        {
            if (_workers[place].HasExited)
            {
                await ReplaceAsync(place);
            }
        }
    }

    /// <summary>Asks all of them to stop. Null where each did in time, with status 0; else what one did.</summary>
    public async Task<string?> StopAsync() => (await Task.WhenAll(_workers.Select(worker => worker.StopAsync()))).FirstOrDefault(complaint => complaint is not null);

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }
    }

    private async Task ReplaceAsync(int place, bool wasKilled = false)
    {
        Ended += wasKilled ? 0 : 1;
        await _workers[place].DisposeAsync();
        _workers[place] = Start(place);
    }

    // Who takes no orders has already taken them all.
    private WorkerProcess Start(int place) => WorkerProcess.Start(place == 0 ? _settings : _settings with { Orders = 0 }, ++Started);
}
