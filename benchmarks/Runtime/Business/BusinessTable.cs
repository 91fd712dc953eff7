using System.Data.Common;
using Npgsql;

namespace Reliability.Benchmarks.Business;

/// <summary>The handlers' effect: one row a message. Without a unique constraint, so that a doubled effect would show.</summary>
internal static class BusinessTable
{
    public const string Create = "CREATE TABLE invoice (payment_id uuid NOT NULL, customer text NOT NULL, amount numeric NOT NULL)";

    private const string Insert = "INSERT INTO invoice (payment_id, customer, amount) VALUES ($1, $2, $3)";

    private const string PortableInsert = "INSERT INTO invoice (payment_id, customer, amount) VALUES (@id, @customer, @amount)";

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

    /// <summary>The same for any database.</summary>
    public static async Task AddPortablyAsync(DbTransaction transaction, PaymentTaken payment, CancellationToken cancellationToken = default)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = PortableInsert;
        Add("@id", payment.PaymentId);
        Add("@customer", payment.Customer);
        Add("@amount", payment.Amount);
        await command.ExecuteNonQueryAsync(cancellationToken);

        void Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
    }

    /// <summary>Counts the effects of a run.</summary>
    /// <exception cref="InvalidOperationException">One is missing or doubled.</exception>
    public static async Task CheckAsync(DbConnection connection, string contender, int messages)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*), count(*) - count(DISTINCT payment_id) FROM invoice";
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var (rows, doubled) = (reader.GetInt64(0), reader.GetInt64(1));
        if (rows != messages || doubled != 0)
            throw new InvalidOperationException($"{contender}: {rows:N0} effects of {messages:N0} messages, {doubled:N0} doubled.");
    }
}
