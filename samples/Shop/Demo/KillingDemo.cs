using System.Data.Common;
using System.Diagnostics;
using Spectre.Console;

namespace Shop.Demo;

/// <summary>Runs the shop in a process that it kills again and again, until every order has had its effects; then counts.</summary>
public sealed class KillingDemo(ShopSettings settings, int kills)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private int _killed;
    private int _started;

    /// <returns>0 where nothing was lost and nothing doubled; 1 otherwise; 2 where the run did not get through.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(settings.Folder);
        AnsiConsole.WriteLine($"{settings.Orders:N0} orders, seed {settings.Seed}, messages by {settings.Transport}, database {settings.Database.Description}");
        var clock = Stopwatch.StartNew();
        var through = await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(progress => TradeAsync(progress.AddTask("orders taken, billed, shipped", maxValue: settings.Orders * 3.0), cancellationToken));
        var ledger = await Ledger.ReadAsync(settings.Database, cancellationToken);
        Print(ledger, clock.Elapsed);
        if (!through)
        {
            var why = ledger.IsComplete(settings.Orders) ? "the last worker did not stop when asked" : $"{ledger.Waiting:N0} messages wait";
            AnsiConsole.WriteLine($"The run did not get through: {why}. The workers' logs are in {settings.Folder}.");
            return 2;
        }

        return ledger is { Lost: 0, Doubled: 0 } ? 0 : 1;
    }

    private async Task<bool> TradeAsync(ProgressTask bar, CancellationToken cancellationToken)
    {
        var plan = new KillPlan(kills, settings.Orders * 3L, settings.Seed);
        var quiet = Stopwatch.StartNew();
        var steps = 0L;
        var worker = WorkerProcess.Start(settings, ++_started);
        try
        {
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
                bar.Description = $"orders taken, billed, shipped; {_killed} kills";
                if (steps > 0 && plan.IsDue(steps))
                {
                    await Task.Delay(plan.Take(), cancellationToken);
                    await worker.KillAsync();
                    _killed++;
                }

                if (worker.HasExited)
                {
                    await worker.DisposeAsync();
                    worker = WorkerProcess.Start(settings, ++_started);
                }
                else if (steps >= settings.Orders * 3L && await IsCompleteAsync(cancellationToken))
                {
                    return await worker.StopAsync();
                }
            }

            return false;
        }
        finally
        {
            await worker.DisposeAsync();
        }
    }

    private async Task<bool> IsCompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await Ledger.ReadAsync(settings.Database, cancellationToken)).IsComplete(settings.Orders);
        }
        catch (DbException)
        {
            // A database that is being killed as well is asked again.
            return false;
        }
    }

    private void Print(Ledger ledger, TimeSpan took)
    {
        var table = new Table().AddColumn("ledger").AddColumn(new TableColumn("").RightAligned()).AddColumn("");
        table.AddRow("sent", $"{ledger.Sent:N0}", "orders whose row and message were committed");
        table.AddRow("effects", $"{ledger.Invoices + ledger.Parcels:N0}", $"{ledger.Invoices:N0} invoices and {ledger.Parcels:N0} parcels");
        table.AddRow("lost", $"{ledger.Lost:N0}", "orders without an invoice, or without a parcel");
        table.AddRow("doubled", $"{ledger.Doubled:N0}", "invoices or parcels above one for each order");
        table.AddRow("duplicates", $"{ledger.Duplicates:N0}", "deliveries that were dropped: handled before");
        table.AddRow("dead letters", $"{ledger.DeadLetters:N0}", "messages kept for a person");
        table.AddRow("kills", $"{_killed:N0}", $"SIGKILL of the worker process; {_started:N0} were started");
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"{took.TotalSeconds:N1} s. Repeat with --seed {settings.Seed}.");
    }
}
