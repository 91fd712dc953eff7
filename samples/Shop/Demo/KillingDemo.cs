using System.Data.Common;
using System.Diagnostics;
using Spectre.Console;

namespace Shop.Demo;

/// <summary>Runs the shop in processes that it kills again and again, together with the servers it started, until every order has had its effects; then counts.</summary>
/// <param name="asked">What one run is.</param>
/// <param name="workers">How many worker processes run at once.</param>
/// <param name="kills">How often a worker is killed.</param>
/// <param name="serverKills">How often each server of the run's own is killed.</param>
public sealed class KillingDemo(ShopSettings asked, int workers, int kills, int serverKills)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Random _random = new(asked.Seed);

    /// <returns>0 where nothing was lost and nothing doubled; 1 otherwise; 2 where the run did not get through.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (workers > 1 && asked.Postgres is null)
        {
            Console.Error.WriteLine("A SQLite file belongs to one process: --workers above 1 needs --postgres.");
            return 2;
        }

        Directory.CreateDirectory(asked.Folder);
        await using var servers = await DemoServers.StartAsync(asked, serverKills, cancellationToken);
        var settings = servers.Settings;
        AnsiConsole.WriteLine($"{settings.Orders:N0} orders, seed {settings.Seed}, messages by {settings.Transport}, database {settings.Database.Description}");
        await settings.Database.CreateAsync(cancellationToken);
        if (servers.Broker is not null && serverKills > 0)
        {
            await new QueueAging(settings).LetAgeAsync(cancellationToken);
        }

        var clock = Stopwatch.StartNew();
        await using var crew = new WorkerCrew(settings, workers);
        var complaint = await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(progress => TradeAsync(progress.AddTask("orders taken, billed, shipped", maxValue: settings.Steps), crew, servers, cancellationToken));
        await servers.UntilAllRunAsync();
        var ledger = await Ledger.ReadAsync(settings.Database, cancellationToken);
        LedgerTable.Print(ledger, crew, servers);
        AnsiConsole.WriteLine($"{clock.Elapsed.TotalSeconds:N1} s. Repeat with --seed {settings.Seed}.");
        if (complaint is not null)
        {
            AnsiConsole.WriteLine($"The run did not get through: {complaint}; {ledger.Waiting:N0} messages wait. The workers' logs are in {settings.Folder}.");
            return 2;
        }

        return ledger is { Lost: 0, Doubled: 0 } ? 0 : 1;
    }

    /// <summary>Null where it got through; else why not.</summary>
    private async Task<string?> TradeAsync(ProgressTask bar, WorkerCrew crew, DemoServers servers, CancellationToken cancellationToken)
    {
        var settings = servers.Settings;
        var plan = new KillPlan(kills, settings.Steps, settings.Seed);
        var quiet = Stopwatch.StartNew();
        var steps = 0L;
        while (quiet.Elapsed < Patience)
        {
            await Task.Delay(Look, cancellationToken);
            var now = (await ShopProgress.ReadAsync(settings.Database, cancellationToken))?.Steps ?? 0;
            if (now > steps)
            {
                steps = now;
                quiet.Restart();
            }

            bar.Value = steps;
            bar.Description = $"orders taken, billed, shipped; {crew.Killed + servers.Killed} kills";
            if (!await KillDueAsync(plan, steps, crew, servers, cancellationToken)
                && steps >= settings.Steps && servers.AllRun && await IsCompleteAsync(settings, cancellationToken))
            {
                return await crew.StopAsync();
            }

            await crew.ReplaceEndedAsync();
        }

        return $"nothing happened for {Patience.TotalSeconds} s";
    }

    /// <summary>True where anything was killed.</summary>
    private async Task<bool> KillDueAsync(KillPlan plan, long steps, WorkerCrew crew, DemoServers servers, CancellationToken cancellationToken)
    {
        if (steps == 0)
        {
            return false;
        }

        var server = await servers.KillDueAsync(steps, cancellationToken);
        if (plan.IsDue(steps))
        {
            await Task.Delay(plan.Take(), cancellationToken);
            await crew.KillOneAsync();
            return true;
        }

        // Half of the servers take a worker along, whose successor starts while they are away.
        if (server && _random.Next(2) == 0)
        {
            await crew.KillOneAsync();
        }

        return server;
    }

    private static async Task<bool> IsCompleteAsync(ShopSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            return (await Ledger.ReadAsync(settings.Database, cancellationToken)).IsComplete(settings.Orders);
        }
        catch (DbException)
        {
            // A database that somebody else is killing as well is asked again.
            return false;
        }
    }
}
