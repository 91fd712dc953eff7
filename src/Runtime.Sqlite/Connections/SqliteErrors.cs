using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Reliability.Connections;

/// <summary>What SQLite's result codes mean for the store (https://www.sqlite.org/rescode.html).</summary>
internal static class SqliteErrors
{
    /// <summary>
    /// True where no statement could have succeeded: the file is locked, full, gone, not writable or broken. While that lasts messages belong to the
    /// broker, since not even a dead letter could be kept. A plain SQLITE_LOCKED is no such case: caches are private here, so it is a conflict of a
    /// statement with another one of the same connection.
    /// </summary>
    public static bool IsUnavailable(SqliteException error) => error.SqliteErrorCode is
        raw.SQLITE_BUSY or raw.SQLITE_PROTOCOL or raw.SQLITE_IOERR or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY
        or raw.SQLITE_PERM or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>What to tell where a store cannot start and waiting would not help; null where it might.</summary>
    public static StoreException? StartFailure(SqliteException error, DatabaseFile file) => error.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB => new($"'{file.Path}' is not a SQLite database, or an encrypted one whose password is missing. It was left as it is: name another file, or move this one away.", error),
        raw.SQLITE_CORRUPT => new($"The SQLite database '{file.Path}' is damaged ({error.Message}). It was left as it is: restore it from a backup, or recover it with sqlite3's .recover command.", error),
        raw.SQLITE_CANTOPEN => new($"SQLite cannot open '{file.Path}'. Check that it is a file and that this process's user may read and write it and its folder.", error),
        raw.SQLITE_READONLY or raw.SQLITE_PERM => new($"The SQLite database '{file.Path}' may not be written. Grant this process's user write access to it and to its folder, or name another file.", error),
        _ => null,
    };

    /// <summary>The error of waiting too long for one's turn, as SQLite itself reports it.</summary>
    public static SqliteException Busy(string what) => new(what, raw.SQLITE_BUSY);

    /// <summary>The error of a file that is gone.</summary>
    public static SqliteException Gone(DatabaseFile file) => new(
        $"The SQLite database '{file.Path}' is gone. What would be written now would be lost: put it back and restart.", raw.SQLITE_CANTOPEN);
}
