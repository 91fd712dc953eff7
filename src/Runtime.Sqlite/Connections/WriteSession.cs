using Microsoft.Data.Sqlite;
using Reliability.Audit;
using Reliability.DeadLetters;
using Reliability.Deferral;
using Reliability.Inbox;
using Reliability.Leases;
using Reliability.Outbox;
using Reliability.Positions;

namespace Reliability.Connections;

/// <summary>A connection that writes, with the statements prepared on it. One unit of work at a time uses it.</summary>
internal sealed class WriteSession : IDisposable
{
    private readonly Statements _statements;

    public WriteSession(SqliteConnection connection, StoreClock clock, ConsumerNumbers consumers)
    {
        _statements = new Statements(connection);
        Inbox = new InboxStatements(_statements, clock, consumers);
        Positions = new PositionStatements(_statements, consumers);
        Outbox = new OutboxStatements(_statements, clock);
        Deferral = new DeferralStatements(_statements, clock, consumers);
        DeadLetters = new DeadLetterStatements(_statements, clock);
        Audit = new AuditStatements(_statements, clock, consumers);
        Leases = new LeaseStatements(_statements, clock);
    }

    public SqliteConnection Connection => _statements.Connection;

    public InboxStatements Inbox { get; }

    public PositionStatements Positions { get; }

    public OutboxStatements Outbox { get; }

    public DeferralStatements Deferral { get; }

    public DeadLetterStatements DeadLetters { get; }

    public AuditStatements Audit { get; }

    public LeaseStatements Leases { get; }

    /// <summary>Leaves the connection to whoever opened it.</summary>
    public void EndStatements() => _statements.Dispose();

    public void Dispose()
    {
        _statements.Dispose();
        FailedCommit.LetRollBack(Connection);
        Connection.Dispose();
    }
}
