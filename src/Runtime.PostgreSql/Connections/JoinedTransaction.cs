using System.Data.Common;
using Npgsql;

namespace Reliability.Connections;

/// <summary>Whether a transaction of someone else's can take this store's rows.</summary>
internal static class JoinedTransaction
{
    /// <exception cref="InvalidOperationException">It has ended, is another driver's, or is open on another database.</exception>
    public static NpgsqlTransaction Require(DbTransaction transaction, DatabaseAddress address)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (transaction is not NpgsqlTransaction own)
            throw new InvalidOperationException($"The transaction is a {transaction.GetType().FullName}; the messages of PostgreSQL {address} need one of Npgsql's, open on that database.");

        if (!IsOpen(own) || own.Connection is not { } connection)
            throw new InvalidOperationException("The transaction has ended: messages join one that is open, before its commit.");

        return address.Has(connection)
            ? own
            : throw new InvalidOperationException(
                $"The transaction is open on '{connection.Database}' on {connection.Host}:{connection.Port}, and the store's tables are in {address}. Open it on that database, named in the same way; a message and its effect can only commit together there.");
    }

    /// <summary>True where statements still belong to it.</summary>
    public static bool IsOpen(NpgsqlTransaction transaction)
    {
        try
        {
            // There is no property for it; ended, every other one throws.
            _ = transaction.IsolationLevel;
            return transaction.Connection is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
