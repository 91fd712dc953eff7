using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reliability;

namespace Shop;

/// <summary>Takes orders until there are enough: an order's row and its message commit together. Orders follow from the seed, so a run can be repeated.</summary>
public sealed partial class Storefront(IReliability reliability, ShopSettings settings, ILogger<Storefront> log) : BackgroundService
{
    /// <summary>Every so many orders the customer clicks twice: the same payment is announced by two messages.</summary>
    private const int ClicksTwice = 50;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        int? counted = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var taken = counted ?? await CountAsync(stoppingToken);
                if (taken >= settings.Orders)
                {
                    return;
                }

                // A commit whose outcome is unknown: the table knows how many were taken.
                counted = null;
                await TakeAsync(OrderOf(settings.Seed, taken), clicks: taken % ClicksTwice == 0 ? 2 : 1, stoppingToken);
                counted = taken + 1;
            }
            catch (DbException error)
            {
                OrderNotTaken(error);
                await Task.Delay(AfterFailure, stoppingToken);
            }
        }
    }

    private async Task TakeAsync(OrderPaid order, int clicks, CancellationToken cancellationToken)
    {
        await using var work = await reliability.BeginAsync(cancellationToken);
        await work.Transaction.ExecuteAsync(
            "INSERT INTO orders(id, customer, amount) VALUES (@id, @customer, @amount)",
            [("@id", order.OrderId.ToString()), ("@customer", order.Customer), ("@amount", order.Amount)],
            cancellationToken);
        for (var click = 0; click < clicks; click++)
        {
            work.Outbox.Publish(order);
        }

        await work.CommitAsync(cancellationToken);
    }

    private async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await settings.Database.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM orders";
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken), null);
    }

    private static OrderPaid OrderOf(int seed, int number)
    {
        var random = new Random(HashCode(seed, number));
        var id = new byte[16];
        random.NextBytes(id);
        return new OrderPaid(new Guid(id), $"customer-{random.Next(500)}", random.Next(100, 100_000) / 100m);
    }

    // System.HashCode differs from process to process; an order must not.
    private static int HashCode(int seed, int number) => unchecked((seed * 486_187_739) + (number * 16_777_619) + number);

    [LoggerMessage(LogLevel.Warning, "An order was not taken, or nobody knows; the orders are counted anew")]
    private partial void OrderNotTaken(Exception error);
}
