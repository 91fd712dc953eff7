using System.Data.Common;

namespace Shop;

/// <summary>The handlers' own SQL.</summary>
public static class ShopStatements
{
    /// <summary>Runs one statement on an open transaction.</summary>
    public static async Task ExecuteAsync(
        this DbTransaction transaction, string sql, (string Name, object Value)[] parameters, CancellationToken cancellationToken)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
