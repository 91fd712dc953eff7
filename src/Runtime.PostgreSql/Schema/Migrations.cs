using System.Globalization;
using System.Text;

namespace Reliability.Schema;

/// <summary>The tables, as the ordered steps that make them. A step that was released is never changed: a new one is added.</summary>
/// <param name="names">The tables' names.</param>
/// <param name="partitionedInbox">Whether a new inbox is divided.</param>
internal sealed class Migrations(TableNames names, bool partitionedInbox)
{
    /// <summary>Into how many parts a partitioned inbox is divided.</summary>
    public const int InboxPartitions = 16;

    private static readonly IReadOnlyList<Func<Migrations, string>> Steps = [migrations => migrations.First(), migrations => migrations.Positions()];

    public static int KnownVersion => Steps.Count;

    /// <summary>Creates the schema itself; asks for the right to, even where it exists.</summary>
    public string CreateSchema => $"CREATE SCHEMA IF NOT EXISTS {names.Schema};";

    /// <summary>Of several that start at once, one changes the tables, and the others wait.</summary>
    public string Lock => string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({names.LockOf("schema")});");

    /// <summary>The statements that lead from a version to the known one, without the schema itself.</summary>
    public string StatementsFrom(int version)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, KnownVersion);
        var script = new StringBuilder();
        foreach (var step in Steps.Skip(version))
            script.AppendLine(step(this));

        if (version < KnownVersion)
            script.AppendLine(CultureInfo.InvariantCulture, $"DELETE FROM {names.Version};\nINSERT INTO {names.Version} (version) VALUES ({KnownVersion});");

        return script.ToString();
    }

    // Outbox: one row for a message, not two. A row of the fast path is inserted already leased and deleted after the confirm, never updated: one small
    // insert and one delete, and of the indexes only the primary key and outbox_held. Claims and retries update, and copy bodies below 2 kB; they are the
    // exception. Larger bodies lie apart (TOAST, uncompressed, since they live for milliseconds) and are not copied.
    //
    // `until` is null for rows free to be claimed, and otherwise when a lease ends (there is an owner) or a row becomes due (there is none). Each partial
    // index has the rows of one such state, so nothing walks over rows of another. The order in outbox_free is by (id + 0): an expression that only
    // these indexes can order by. By `id` the planner, when its statistics are old, takes the primary key, and walks over every row that is held.
    //
    // Deferred: of an order key's messages the oldest is its head; only heads are in the index that claims read.
    //
    // Keys that others choose may be longer than an index entry can be: `key` and `order_hash` are the first 16 bytes of their SHA-256.
    //
    // These tables change all the time while they stay small: vacuum must come after thousands of rows, not after a fifth of a table that was large once.
    private string First() => $"""
        CREATE TABLE {names.Version} (version integer NOT NULL);

        CREATE TABLE {names.Consumer} (
            id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text COLLATE "C" NOT NULL UNIQUE);

        {Inbox()}
        CREATE INDEX inbox_at ON {names.Inbox} (consumer, at);
        -- Added to, never updated: a counter in one row would let groups wait for each other.
        CREATE TABLE {names.InboxDuplicates} (consumer integer NOT NULL, count bigint NOT NULL);

        CREATE TABLE {names.Outbox} (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            until timestamptz,
            created_at timestamptz NOT NULL,
            not_before timestamptz,
            expires_at timestamptz,
            order_hash uuid,
            attempts integer NOT NULL,
            part smallint NOT NULL,
            abandoned boolean NOT NULL DEFAULT false,
            owner text COLLATE "C",
            transport text COLLATE "C" NOT NULL,
            route text COLLATE "C" NOT NULL,
            order_key text,
            message_id text NOT NULL, message_name text, message_key text, headers text, body bytea NOT NULL)
            WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
        ALTER TABLE {names.Outbox} ALTER body SET STORAGE EXTERNAL, ALTER headers SET STORAGE EXTERNAL;
        CREATE INDEX outbox_free ON {names.Outbox} (transport, (id + 0)) WHERE until IS NULL;
        CREATE INDEX outbox_free_by_route ON {names.Outbox} (transport, md5(route), (id + 0)) WHERE until IS NULL;
        CREATE INDEX outbox_held ON {names.Outbox} (until) WHERE owner IS NOT NULL;
        CREATE INDEX outbox_waiting ON {names.Outbox} (until) WHERE owner IS NULL AND until IS NOT NULL;
        CREATE INDEX outbox_failing ON {names.Outbox} (transport, (id + 0)) WHERE attempts > 0;
        CREATE INDEX outbox_blocking ON {names.Outbox} (order_hash, id) WHERE order_hash IS NOT NULL AND until IS NOT NULL;

        CREATE TABLE {names.OutboxSent} (
            at timestamptz NOT NULL,
            attempts integer NOT NULL,
            transport text NOT NULL,
            route text NOT NULL,
            message_id text NOT NULL);
        CREATE INDEX outbox_sent_at ON {names.OutboxSent} (at);
        CREATE INDEX outbox_sent_message ON {names.OutboxSent} USING hash (message_id);

        CREATE TABLE {names.Receipt} (
            message uuid NOT NULL,
            at timestamptz NOT NULL,
            consumer integer NOT NULL,
            consumed boolean NOT NULL,
            reason text,
            PRIMARY KEY (message, consumer));
        CREATE INDEX receipt_at ON {names.Receipt} (at);

        CREATE TABLE {names.Deferred} (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            key uuid NOT NULL,
            order_hash uuid,
            due_at timestamptz NOT NULL,
            first_at timestamptz NOT NULL,
            consumer integer NOT NULL,
            attempts integer NOT NULL,
            head boolean NOT NULL,
            owner text COLLATE "C",
            transport text NOT NULL,
            source text NOT NULL,
            dedupe_key text NOT NULL,
            order_key text,
            last_error text,
            message_id text NOT NULL, message_name text, message_key text, headers text, body bytea NOT NULL,
            UNIQUE (consumer, key))
            WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
        CREATE INDEX deferred_due ON {names.Deferred} (consumer, due_at) WHERE head;
        CREATE INDEX deferred_order ON {names.Deferred} (consumer, order_hash, id) WHERE order_hash IS NOT NULL;

        CREATE TABLE {names.DeadLetter} (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            identity uuid NOT NULL UNIQUE,
            first_at timestamptz NOT NULL,
            at timestamptz NOT NULL,
            attempts integer NOT NULL,
            outgoing boolean NOT NULL,
            handler text,
            transport text NOT NULL,
            source text NOT NULL,
            dedupe_key text,
            reason text NOT NULL,
            error text NOT NULL,
            message_id text NOT NULL, message_name text, message_key text, headers text, body bytea NOT NULL);
        CREATE INDEX dead_letter_message ON {names.DeadLetter} USING hash (message_id);

        CREATE TABLE {names.DeadLetterAction} (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            dead_letter_id bigint NOT NULL,
            at timestamptz NOT NULL,
            message_id text NOT NULL,
            target text NOT NULL,
            kind text NOT NULL,
            by text NOT NULL,
            note text);

        -- Room in each page, so that a lease is prolonged in its place; no index has its time.
        CREATE TABLE {names.Lease} (
            duty text COLLATE "C" NOT NULL,
            part integer NOT NULL,
            until timestamptz NOT NULL,
            owner text COLLATE "C" NOT NULL,
            PRIMARY KEY (duty, part)) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 500);
        CREATE TABLE {names.LeaseMember} (
            duty text COLLATE "C" NOT NULL,
            owner text COLLATE "C" NOT NULL,
            until timestamptz NOT NULL,
            PRIMARY KEY (duty, owner)) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 500);
        """;

    // One row for each log that a handler reads, updated by every group: room in each page, so that it stays in its place, and no index has what changes.
    // An update keeps what it found: RETURNING gives new values only, and who takes a record must know the position before, read under the row's lock.
    private string Positions() => $"""
        CREATE TABLE {names.Position} (
            consumer integer NOT NULL,
            source text COLLATE "C" NOT NULL,
            part text COLLATE "C" NOT NULL,
            epoch bigint NOT NULL,
            last_offset bigint NOT NULL,
            epoch_before bigint,
            offset_before bigint,
            PRIMARY KEY (consumer, source, part)) WITH (fillfactor = 20, autovacuum_vacuum_threshold = 500);
        """;

    // No partitions by time: an operation is unique by its key alone, and a unique index cannot reach over partitions that it does not choose.
    private string Inbox()
    {
        const string columns = """
            (
                key uuid NOT NULL,
                fingerprint bigint NOT NULL,
                at timestamptz NOT NULL,
                consumer integer NOT NULL,
                PRIMARY KEY (consumer, key))
            """;
        const string storage = "WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 10000)";
        if (!partitionedInbox)
            return $"CREATE TABLE {names.Inbox} {columns} {storage};";

        var script = new StringBuilder($"CREATE TABLE {names.Inbox} {columns} PARTITION BY HASH (key);");
        for (var part = 0; part < InboxPartitions; part++)
        {
            script.Append(CultureInfo.InvariantCulture,
                $"\nCREATE TABLE {names.Schema}.inbox_{part} PARTITION OF {names.Inbox} FOR VALUES WITH (MODULUS {InboxPartitions}, REMAINDER {part}) {storage};");
        }

        return script.ToString();
    }
}
