using System.Data.Common;
using Npgsql;

namespace Reliability.Benchmarks.Local;

/// <summary>The handlers' effect: one row a message. Without a unique constraint, so that a doubled effect would show.</summary>
internal static class BusinessTable
{
    private const string Insert = "INSERT INTO invoice (payment_id, customer, amount) VALUES ($1, $2, $3)";

    public static async Task CreateAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("CREATE TABLE invoice (payment_id uuid NOT NULL, customer text NOT NULL, amount numeric NOT NULL)");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The statement that every contender's handler sends.</summary>
    public static async Task AddAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PaymentTaken payment, CancellationToken cancellationToken = default)
    {
        await using var command = new NpgsqlCommand(Insert, connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = payment.PaymentId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payment.Customer });
        command.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = payment.Amount });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The same statement, to travel with others.</summary>
    public static NpgsqlBatchCommand Command(PaymentTaken payment) => new(Insert)
    {
        Parameters =
        {
            new NpgsqlParameter<Guid> { TypedValue = payment.PaymentId },
            new NpgsqlParameter<string> { TypedValue = payment.Customer },
            new NpgsqlParameter<decimal> { TypedValue = payment.Amount },
        },
    };

    /// <summary>How many rows, and how many of them doubled.</summary>
    public static async Task<(long Rows, long Doubled)> CountAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT count(*), count(*) - count(DISTINCT payment_id) FROM invoice");
        await using DbDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
