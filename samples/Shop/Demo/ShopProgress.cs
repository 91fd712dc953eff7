using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Shop.Demo;

/// <summary>How far a run is: cheap enough to ask many times a second.</summary>
/// <param name="Orders">Orders taken.</param>
/// <param name="Invoices">Invoices issued.</param>
/// <param name="Parcels">Parcels sent.</param>
public sealed record ShopProgress(long Orders, long Invoices, long Parcels)
{
    public long Steps => Orders + Invoices + Parcels;

    /// <summary>Null while the tables are still being made, and while a server is away.</summary>
    public static async Task<ShopProgress?> ReadAsync(ShopDatabase database, CancellationToken cancellationToken)
    {
        if (!database.MayExist)
        {
            return null;
        }

        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM invoices), (SELECT count(*) FROM parcels)";
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return new ShopProgress(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
        }
        catch (DbException error) when (error is not SqliteException || error.Message.Contains("no such table", StringComparison.Ordinal))
        {
            return null;
        }
    }
}
