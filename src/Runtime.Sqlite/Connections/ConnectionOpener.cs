using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Reliability.Connections;

/// <summary>Opens connections as the store needs them: durable commits, readers beside the writer.</summary>
internal sealed class ConnectionOpener(DatabaseFile file, TimeSpan busyTimeout)
{
    // RETURNING came with 3.35.
    private const int OldestVersion = 3_035_000;

    // What a long reader let the log grow to is given back to the disk, down to this.
    private const int LargestIdleLog = 16 << 20;

    public DatabaseFile File { get; } = file;

    public TimeSpan BusyTimeout { get; } = busyTimeout;

    /// <summary>Opens the file and makes it when it is missing: for the start only. Afterwards a missing file is an error, not a new beginning.</summary>
    public SqliteConnection OpenOrCreate()
    {
        var connection = Open(SqliteOpenMode.ReadWriteCreate);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL";
            return command.ExecuteScalar() is "wal"
                ? connection
                : throw new StoreException($"'{File.Path}' lies where SQLite cannot keep a write-ahead log, such as a network share. Use a local disk.");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public SqliteConnection OpenWriter() => Open(SqliteOpenMode.ReadWrite);

    public SqliteConnection OpenReader() => Open(SqliteOpenMode.ReadWrite, "PRAGMA query_only = ON");

    private SqliteConnection Open(SqliteOpenMode mode, string? further = null)
    {
        RequireNativeLibrary();
        var connection = new SqliteConnection(File.ConnectionString(mode, BusyTimeout));
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            // FULL syncs the log at every commit: an ack may follow a commit only if the commit outlives a power cut.
            command.CommandText = string.Create(CultureInfo.InvariantCulture,
                $"PRAGMA busy_timeout = {(int)BusyTimeout.TotalMilliseconds}; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = {LargestIdleLog}; {further}");
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void RequireNativeLibrary()
    {
        if (NativeVersion() < OldestVersion)
        {
            throw new StoreException(
                $"The native SQLite library is {raw.sqlite3_libversion().utf8_to_string()}; 3.35 or newer is needed. Update the application's SQLitePCLRaw bundle.");
        }
    }

    private static int NativeVersion()
    {
        try
        {
            // The driver's type initializer looks for a bundle; without one the first native call throws a plain Exception.
            using (new SqliteConnection())
                return raw.sqlite3_libversion_number();
        }
        catch (Exception error)
        {
            throw new StoreException(
                "The native SQLite library is missing. Add the package SQLitePCLRaw.bundle_e_sqlite3 (or another SQLitePCLRaw bundle) to the application; Reliability.Sqlite leaves its choice and version to you.", error);
        }
    }
}
