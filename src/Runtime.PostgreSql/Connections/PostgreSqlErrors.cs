using Npgsql;

namespace Reliability.Connections;

/// <summary>What PostgreSQL's error codes mean for the store (https://www.postgresql.org/docs/current/errcodes-appendix.html).</summary>
internal static class PostgreSqlErrors
{
    /// <summary>
    /// True where no statement could have succeeded, or the same one will when it is tried again: the server is away, full, closing, read-only, or chose
    /// this transaction as a deadlock's victim. A statement that ran out of time is no such case: the next attempt would, too.
    /// </summary>
    public static bool IsUnavailable(NpgsqlException error) => error switch
    {
        PostgresException postgres => postgres.SqlState is
            [
                '0', '8', ..] // no connection
            or ['5', '3', ..] // disk full, out of memory, too many connections
            or ['5', '8', ..] // the server's own files
            or ['2', '8', ..] // the login is refused
            or PostgresErrorCodes.InvalidCatalogName
            or PostgresErrorCodes.ReadOnlySqlTransaction
            or "25P03" // the connection ended, idle in its transaction for too long
            or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.DatabaseDropped or PostgresErrorCodes.IdleSessionTimeout
            or PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted,
        // A reader that the handler left open: its own mistake.
        NpgsqlOperationInProgressException => false,
        _ => true,
    };

    /// <summary>What to tell where a store cannot start and waiting would not help; null where it might.</summary>
    public static StoreException? StartFailure(PostgresException error, DatabaseAddress address, string schema) => error.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege => new(
            $"PostgreSQL refuses this role something it needs in the schema {schema} of {address}: {error.MessageText}. Nothing was changed. Let a role that may create tables run the script of 'reliability schema print', " +
            $"then grant this role USAGE on the schema and SELECT, INSERT, UPDATE and DELETE on its tables, and set {nameof(PostgreSqlStoreOptions)}.{nameof(PostgreSqlStoreOptions.ApplySchema)} to false.", error),
        PostgresErrorCodes.ReadOnlySqlTransaction => ReadOnly(address, error),
        PostgresErrorCodes.InvalidCatalogName => new($"There is no PostgreSQL database {address}. Create it, or name another one.", error),
        ['2', '8', ..] => new($"PostgreSQL refuses the login at {address}: {error.MessageText}. Check the user, its password and pg_hba.conf.", error),
        _ => null,
    };

    public static StoreException ReadOnly(DatabaseAddress address, Exception? error = null) => new(
        $"The PostgreSQL server of {address} takes no writes: it is a hot standby, or its transactions are read-only by default. Name the primary (with several hosts: Target Session Attributes=primary).", error!);
}
