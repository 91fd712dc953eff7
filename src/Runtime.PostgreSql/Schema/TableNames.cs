using System.Globalization;

namespace Reliability.Schema;

/// <summary>The tables' names, quoted and with their schema, as statements contain them.</summary>
internal sealed class TableNames
{
    public TableNames(string schema)
    {
        SchemaName = schema;
        Schema = Quote(schema);
        Version = Schema + ".schema_version";
        Consumer = Schema + ".consumer";
        Inbox = Schema + ".inbox";
        Position = Schema + ".position";
        InboxDuplicates = Schema + ".inbox_duplicates";
        Outbox = Schema + ".outbox";
        OutboxSent = Schema + ".outbox_sent";
        Receipt = Schema + ".receipt";
        Deferred = Schema + ".deferred";
        DeadLetter = Schema + ".dead_letter";
        DeadLetterAction = Schema + ".dead_letter_action";
        Lease = Schema + ".lease";
        LeaseMember = Schema + ".lease_member";
        // Names of channels are cut at 63 bytes, so the schema is in it as a hash.
        Channel = string.Create(CultureInfo.InvariantCulture, $"reliability_{InboxKey.Of(schema).High:x16}");
    }

    /// <summary>The schema's name as it is.</summary>
    public string SchemaName { get; }

    /// <summary>The schema's name, quoted.</summary>
    public string Schema { get; }

    public string Version { get; }

    public string Consumer { get; }

    public string Inbox { get; }

    public string InboxDuplicates { get; }

    public string Position { get; }

    public string Outbox { get; }

    public string OutboxSent { get; }

    public string Receipt { get; }

    public string Deferred { get; }

    public string DeadLetter { get; }

    public string DeadLetterAction { get; }

    public string Lease { get; }

    public string LeaseMember { get; }

    /// <summary>The channel of <c>NOTIFY</c>.</summary>
    public string Channel { get; }

    /// <summary>The number of an advisory lock; these are the whole database's, so the schema goes in.</summary>
    public long LockOf(string what) => (long)InboxKey.Of($"reliability\n{SchemaName}\n{what}").High;

    private static string Quote(string identifier) => "\"" + identifier.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
