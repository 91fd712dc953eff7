using Reliability.Audit;
using Reliability.DeadLetters;
using Reliability.Deferral;
using Reliability.Inbox;
using Reliability.Outbox;
using Reliability.Positions;
using Reliability.Schema;

namespace Reliability.Connections;

/// <summary>The statements of units of work, written once for a schema: the same text is prepared once for a connection.</summary>
internal sealed class Statements(TableNames names, StoreClock clock, ConsumerNumbers consumers)
{
    public ConsumerNumbers Consumers { get; } = consumers;

    public InboxStatements Inbox { get; } = new(names, clock);

    public PositionStatements Positions { get; } = new(names, consumers);

    public OutboxStatements Outbox { get; } = new(names, clock);

    public DeferralStatements Deferral { get; } = new(names, clock, consumers);

    public DeadLetterStatements DeadLetters { get; } = new(names, clock);

    public AuditStatements Audit { get; } = new(names, clock, consumers);
}
