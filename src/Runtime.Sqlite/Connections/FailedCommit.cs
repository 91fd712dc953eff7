using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Reliability.Connections;

/// <summary>A commit that fails, such as on a full disk, rolls back inside SQLite, and the driver does not notice.</summary>
internal static class FailedCommit
{
    /// <summary>
    /// Gives the rollback that the driver makes when it closes an empty transaction to end. Finding none, it would throw: the error that came first would be
    /// hidden, and the file left open. For connections that are closed next.
    /// </summary>
    public static void LetRollBack(SqliteConnection connection)
    {
        if (connection.Handle is { } handle && raw.sqlite3_get_autocommit(handle) != 0)
            raw.sqlite3_exec(handle, "BEGIN");
    }
}
