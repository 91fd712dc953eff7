namespace Reliability;

/// <summary>Options of the SQLite store. Validated when the host starts.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>
    /// The database file's path, or a connection string of Microsoft.Data.Sqlite with a <c>Data Source</c>. The file is created when it is missing; its
    /// folder is not. In-memory databases are refused: they do not outlive the process.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// How long a unit of work waits for its turn to write: for the units before it in this process, and for other programs that hold the file's write
    /// lock. Then it fails as busy, which the runtime takes as a reason to pause. Waiting for other programs is rounded up to whole seconds. Default: 30 s.
    /// </summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a second instance waits for the first to leave the file before it refuses to start. Default: 10 s.</summary>
    public TimeSpan InstanceWait { get; set; } = TimeSpan.FromSeconds(10);
}
