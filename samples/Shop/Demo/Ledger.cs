namespace Shop.Demo;

/// <summary>What the database says in the end, counted from the shop's own tables: nothing here trusts the library.</summary>
/// <param name="Sent">Orders whose row, and so whose message, was committed.</param>
/// <param name="Invoices">Effects of the first handler.</param>
/// <param name="Parcels">Effects of the second handler.</param>
/// <param name="Lost">Effects that are missing, of orders that are no dead letters.</param>
/// <param name="Doubled">Effects above one for each order.</param>
/// <param name="Duplicates">Deliveries that the inbox dropped.</param>
/// <param name="DeadLetters">Messages kept for a person.</param>
/// <param name="Waiting">Messages still in the outbox or deferred.</param>
public sealed record Ledger(long Sent, long Invoices, long Parcels, long Lost, long Doubled, long Duplicates, long DeadLetters, long Waiting)
{
    private static string CountIn(ShopDatabase database) => $"""
        SELECT
          (SELECT count(*) FROM orders),
          (SELECT count(*) FROM invoices WHERE order_id IN (SELECT id FROM orders)),
          (SELECT count(*) FROM parcels WHERE order_id IN (SELECT id FROM orders)),
          (SELECT count(*) FROM orders WHERE id NOT IN (SELECT order_id FROM invoices))
            + (SELECT count(*) FROM orders WHERE id NOT IN (SELECT order_id FROM parcels)),
          (SELECT CAST(coalesce(sum(n - 1), 0) AS BIGINT) FROM (SELECT count(*) AS n FROM invoices GROUP BY order_id) AS invoiced)
            + (SELECT CAST(coalesce(sum(n - 1), 0) AS BIGINT) FROM (SELECT count(*) AS n FROM parcels GROUP BY order_id) AS shipped),
          (SELECT CAST(coalesce(sum({database.Duplicates.Column}), 0) AS BIGINT) FROM {database.Messages}{database.Duplicates.Table}),
          (SELECT count(*) FROM {database.Messages}dead_letter),
          (SELECT count(*) FROM {database.Messages}outbox) + (SELECT count(*) FROM {database.Messages}deferred)
        """;

    /// <summary>Nothing is on its way any more, and every order has had its effects.</summary>
    public bool IsComplete(int orders) => Sent == orders && Lost == 0 && Waiting == 0;

    /// <summary>Counts. The worker has made the tables by then.</summary>
    public static async Task<Ledger> ReadAsync(ShopDatabase database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = CountIn(database);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new Ledger(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7));
    }
}
