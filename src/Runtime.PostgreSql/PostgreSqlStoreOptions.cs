using Npgsql;

namespace Reliability;

/// <summary>Options of the PostgreSQL store. Validated when the host starts.</summary>
public sealed record PostgreSqlStoreOptions
{
    /// <summary>
    /// A connection string of Npgsql. The store makes a pool of it, bounded as the string says (<c>Maximum Pool Size</c>, 100 without it), with statements
    /// prepared by themselves (<c>Max Auto Prepare</c>, 100 without it: set 0 behind a pooler that cannot), and <c>Application Name=reliability</c> where it
    /// names none. Multiplexing is refused. Not used where <see cref="DataSource"/> is set.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The application's own source of connections, used as it is and never disposed here; null: <see cref="ConnectionString"/>.</summary>
    public NpgsqlDataSource? DataSource { get; set; }

    /// <summary>
    /// The schema with the store's tables, of up to 63 bytes in UTF-8; it belongs to the store alone. Processes that use one schema share its messages.
    /// Default: <c>reliability</c>.
    /// </summary>
    public string Schema { get; set; } = "reliability";

    /// <summary>
    /// True: tables are created and upgraded when a process starts, which takes the right to do so. False: they must be there, by the script of
    /// <see cref="IStoreSchema.Script"/> or the tool's <c>reliability schema apply</c>; else the start fails. Default: true.
    /// </summary>
    public bool ApplySchema { get; set; } = true;

    /// <summary>
    /// True: a new inbox is made of 16 partitions by the hash of the key, so that vacuum works on one while the others rest, and indexes stay smaller; worth
    /// it from some ten million remembered messages on. It has no effect on tables that exist: a start whose inbox is not partitioned fails. Not by time, so
    /// that old partitions could be dropped: an operation must be found by its key however long ago it was, and PostgreSQL keeps a key unique over
    /// partitions only where the key chooses the partition. Default: false.
    /// </summary>
    public bool PartitionedInbox { get; set; }

    /// <summary>How many units of work the runtime has open side by side, each on a connection of its own: 1 to 64. Default: 4.</summary>
    public int Parallelism { get; set; } = 4;

    /// <summary>A clock that tests stop, in place of the database's; null: the database's.</summary>
    internal TimeProvider? Clock { get; set; }
}
