namespace Reliability.Schema;

/// <summary>
/// The tables, as the ordered steps that make them. A step that was released is never changed: a new one is added. Times are milliseconds since 1970, UTC.
/// </summary>
internal static class Migrations
{
    public static IReadOnlyList<string> Steps { get; } = [First, Positions];

    // One row for each log that a handler reads, moved with every group: found and changed in place.
    private const string Positions = """
        CREATE TABLE reliability_position (
            consumer INTEGER NOT NULL,
            source TEXT NOT NULL,
            part TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            last_offset INTEGER NOT NULL,
            PRIMARY KEY (consumer, source, part)) WITHOUT ROWID;

        """;

    // Ids are AUTOINCREMENT: the number of a deleted row is never given again, so a late Remove cannot hit a younger row.
    //
    // Outbox rows and deferred messages are two rows each: what claims change is small and apart, so that no claim rewrites a body. Triggers remove the second
    // with the first: whether foreign keys count is each connection's own setting, and a joined transaction's connection is not the store's.
    //
    // In the outbox `until` is null for rows free to be claimed, and otherwise when a lease ends (there is an owner) or a row becomes due (there is none).
    // Free rows lie in the indexes by age, the others in the one by time: a claim never walks over rows that it may not take.
    //
    // `turn` is how rows of one order key stand behind each other: 0 for most; 1 for a row that waits after a failed attempt, and so holds up its key; 2 for
    // a free row that a claim found behind such a one. Those are taken out of the free indexes, or every claim would walk over the whole queue behind one
    // message that fails. They come back, some at a time, as the rows before them become due or leave.
    //
    // Of an order key's deferred messages the oldest is its head; only heads are in the index that claims read.
    private const string First = """
        CREATE TABLE reliability_consumer (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            duplicates INTEGER NOT NULL DEFAULT 0);

        CREATE TABLE reliability_inbox (
            consumer INTEGER NOT NULL,
            key BLOB NOT NULL,
            fingerprint INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (consumer, key)) WITHOUT ROWID;
        CREATE INDEX reliability_inbox_at ON reliability_inbox (consumer, at);

        CREATE TABLE reliability_outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            transport TEXT NOT NULL,
            route TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            until INTEGER,
            owner TEXT,
            abandoned INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL,
            not_before INTEGER,
            part INTEGER,
            turn INTEGER NOT NULL DEFAULT 0,
            order_key TEXT);
        CREATE INDEX reliability_outbox_free ON reliability_outbox (transport, id) WHERE until IS NULL AND turn = 0;
        CREATE INDEX reliability_outbox_free_by_route ON reliability_outbox (transport, route, id) WHERE until IS NULL AND turn = 0;
        CREATE INDEX reliability_outbox_until ON reliability_outbox (until) WHERE until IS NOT NULL;
        CREATE INDEX reliability_outbox_turn ON reliability_outbox (transport, order_key, id) WHERE turn > 0;
        CREATE INDEX reliability_outbox_held ON reliability_outbox (transport, order_key, id, owner) WHERE order_key IS NOT NULL AND owner IS NOT NULL;
        CREATE INDEX reliability_outbox_age ON reliability_outbox (transport, created_at) WHERE not_before IS NULL;
        CREATE TABLE reliability_outbox_message (
            id INTEGER PRIMARY KEY,
            expires_at INTEGER,
            message_id TEXT NOT NULL, message_name TEXT, message_key TEXT, headers TEXT, body BLOB NOT NULL);
        CREATE INDEX reliability_outbox_message_id ON reliability_outbox_message (message_id);
        CREATE TRIGGER reliability_outbox_gone AFTER DELETE ON reliability_outbox
            BEGIN DELETE FROM reliability_outbox_message WHERE id = old.id; END;

        CREATE TABLE reliability_outbox_sent (
            id INTEGER PRIMARY KEY,
            transport TEXT NOT NULL,
            route TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            at INTEGER NOT NULL,
            message_id TEXT NOT NULL);
        CREATE INDEX reliability_outbox_sent_id ON reliability_outbox_sent (message_id);
        CREATE INDEX reliability_outbox_sent_at ON reliability_outbox_sent (at);

        CREATE TABLE reliability_receipt (
            message_id TEXT NOT NULL,
            consumer INTEGER NOT NULL,
            consumed INTEGER NOT NULL,
            reason TEXT,
            at INTEGER NOT NULL,
            PRIMARY KEY (message_id, consumer)) WITHOUT ROWID;
        CREATE INDEX reliability_receipt_at ON reliability_receipt (at);

        CREATE TABLE reliability_deferred (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            consumer INTEGER NOT NULL,
            dedupe_key TEXT NOT NULL,
            order_key TEXT,
            head INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            owner TEXT,
            attempts INTEGER NOT NULL,
            last_error TEXT,
            UNIQUE (consumer, dedupe_key));
        CREATE INDEX reliability_deferred_due ON reliability_deferred (consumer, due_at) WHERE head = 1;
        CREATE INDEX reliability_deferred_order ON reliability_deferred (consumer, order_key, id) WHERE order_key IS NOT NULL;
        CREATE TABLE reliability_deferred_message (
            id INTEGER PRIMARY KEY,
            transport TEXT NOT NULL,
            source TEXT NOT NULL,
            first_at INTEGER NOT NULL,
            message_id TEXT NOT NULL, message_name TEXT, message_key TEXT, headers TEXT, body BLOB NOT NULL);
        CREATE TRIGGER reliability_deferred_gone AFTER DELETE ON reliability_deferred
            BEGIN DELETE FROM reliability_deferred_message WHERE id = old.id; END;

        CREATE TABLE reliability_dead_letter (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            identity BLOB NOT NULL UNIQUE,
            outgoing INTEGER NOT NULL,
            handler TEXT,
            transport TEXT NOT NULL,
            source TEXT NOT NULL,
            dedupe_key TEXT,
            reason TEXT NOT NULL,
            error TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            first_at INTEGER NOT NULL,
            at INTEGER NOT NULL,
            message_id TEXT NOT NULL, message_name TEXT, message_key TEXT, headers TEXT, body BLOB NOT NULL);
        CREATE INDEX reliability_dead_letter_id ON reliability_dead_letter (message_id);

        CREATE TABLE reliability_dead_letter_action (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            dead_letter INTEGER NOT NULL,
            message_id TEXT NOT NULL,
            target TEXT NOT NULL,
            kind TEXT NOT NULL,
            done_by TEXT NOT NULL,
            note TEXT,
            at INTEGER NOT NULL);

        CREATE TABLE reliability_lease (
            duty TEXT NOT NULL,
            part INTEGER NOT NULL,
            owner TEXT NOT NULL,
            until INTEGER NOT NULL,
            PRIMARY KEY (duty, part)) WITHOUT ROWID;
        CREATE TABLE reliability_lease_sharer (
            duty TEXT NOT NULL,
            owner TEXT NOT NULL,
            until INTEGER NOT NULL,
            PRIMARY KEY (duty, owner)) WITHOUT ROWID;

        """;
}
