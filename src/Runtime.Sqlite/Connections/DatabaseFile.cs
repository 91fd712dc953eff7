using Microsoft.Data.Sqlite;

namespace Reliability.Connections;

/// <summary>The one file that a store works on, and the connection strings that open it.</summary>
internal sealed class DatabaseFile
{
    private readonly SqliteConnectionStringBuilder _settings;

    private DatabaseFile(SqliteConnectionStringBuilder settings)
    {
        _settings = settings;
        // Two names of one file must not become two instances: the lock belongs beside the file itself.
        var named = new FileInfo(settings.DataSource);
        Path = named.LinkTarget is null ? named.FullName : named.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    public string Path { get; }

    public string LockPath => Path + ".lock";

    public string HolderPath => Path + ".pid";

    public string Folder => System.IO.Path.GetDirectoryName(Path) ?? Path;

    /// <exception cref="StoreException">The folder is missing.</exception>
    public void RequireFolder()
    {
        if (!Directory.Exists(Folder))
            throw new StoreException($"The folder '{Folder}' of the SQLite database '{Path}' does not exist. Create it, or name a file elsewhere.");
    }

    /// <summary>True where a connection's file is this one, by whatever name it was opened.</summary>
    public bool Is(string path) => path.Length > 0
        && string.Equals(RealPathOf(path), RealPathOf(Path), OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    /// <summary>Reads a path or a connection string; null, and why, where it cannot be this store's.</summary>
    public static DatabaseFile? Parse(string connectionStringOrPath, out string? reason)
    {
        reason = null;
        try
        {
            var settings = connectionStringOrPath.Contains('=', StringComparison.Ordinal)
                ? new SqliteConnectionStringBuilder(connectionStringOrPath)
                : new SqliteConnectionStringBuilder { DataSource = connectionStringOrPath };
            reason = RefusalOf(settings);
            return reason is null ? new DatabaseFile(settings) : null;
        }
        catch (ArgumentException)
        {
            // The driver's text may quote the string, and the string may hold a password.
            reason = "it is neither a path nor a connection string that Microsoft.Data.Sqlite understands. Give a path, or \"Data Source=<path>\".";
            return null;
        }
    }

    public string ConnectionString(SqliteOpenMode mode, TimeSpan busyTimeout) => new SqliteConnectionStringBuilder(_settings.ConnectionString)
    {
        DataSource = Path,
        Mode = mode,
        // A shared cache locks whole tables between connections of one process; a pool would keep the file open after the store has left it.
        Cache = SqliteCacheMode.Private,
        Pooling = false,
        DefaultTimeout = (int)Math.Ceiling(busyTimeout.TotalSeconds),
    }.ConnectionString;

    // Folders may be links as well.
    private static string RealPathOf(string path)
    {
        var file = new FileInfo(path);
        file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        var folder = file.Directory;
        var names = new Stack<string>([file.Name]);
        for (; folder?.Parent is not null; folder = folder.Parent)
        {
            if (folder.ResolveLinkTarget(returnFinalTarget: true) is DirectoryInfo target)
                folder = target;

            names.Push(folder.Name);
        }

        return System.IO.Path.Combine([folder?.FullName ?? "", .. names]);
    }

    private static string? RefusalOf(SqliteConnectionStringBuilder settings) => settings switch
    {
        { DataSource: "" } => "no file is named. Give a path, or \"Data Source=<path>\".",
        { Mode: SqliteOpenMode.Memory } or { DataSource: ":memory:" } =>
            "an in-memory database ends with the process, and with it every message that it holds. Name a file.",
        { Mode: SqliteOpenMode.ReadOnly } => "the store must write. Leave Mode=ReadOnly out.",
        { DataSource: var source } when source.StartsWith("file:", StringComparison.OrdinalIgnoreCase) =>
            "file: addresses may name memory or a file that is not locked. Give the file's plain path.",
        { DataSource: var source } when source.StartsWith('|') => "|DataDirectory| is not resolved here. Give the file's path.",
        _ => null,
    };
}
