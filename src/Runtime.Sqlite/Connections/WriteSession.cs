using Microsoft.Data.Sqlite;
using Reliability.DeadLetters;
using Reliability.Deferral;
using Reliability.Inbox;
using Reliability.Outbox;

namespace Reliability.Connections;

/// <summary>The writing connection with the statements prepared on it. One unit of work at a time uses it.</summary>
internal sealed class WriteSession : IDisposable
{
    public WriteSession(SqliteConnection connection, StoreClock clock, ConsumerNumbers consumers)
    {
        Connection = connection;
        Inbox = new InboxStatements(connection, clock, consumers);
        Outbox = new OutboxStatements(connection, clock);
        Deferral = new DeferralStatements(connection, clock, consumers);
        DeadLetters = new DeadLetterStatements(connection, clock);
    }

    public SqliteConnection Connection { get; }

    public InboxStatements Inbox { get; }

    public OutboxStatements Outbox { get; }

    public DeferralStatements Deferral { get; }

    public DeadLetterStatements DeadLetters { get; }

    // The connection ends its commands, and with them the prepared statements.
    public void Dispose() => Connection.Dispose();
}
