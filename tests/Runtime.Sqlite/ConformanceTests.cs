namespace Reliability.Tests;

public sealed class SqliteInboxTests() : InboxConformance(new SqlitePlace());

public sealed class SqlitePositionTests() : PositionConformance(new SqlitePlace());

public sealed class SqliteOutboxTests() : OutboxConformance(new SqlitePlace());

public sealed class SqliteOutboxOrderTests() : OutboxOrderConformance(new SqlitePlace());

public sealed class SqliteOutboxQueueTests() : OutboxQueueConformance(new SqlitePlace());

public sealed class SqliteOutboxAgeTests() : OutboxAgeConformance(new SqlitePlace());

public sealed class SqliteDeferralTests() : DeferralConformance(new SqlitePlace());

public sealed class SqliteDeferralScheduleTests() : DeferralScheduleConformance(new SqlitePlace());

public sealed class SqliteDeadLetterTests() : DeadLetterConformance(new SqlitePlace());

public sealed class SqliteReplayTests() : ReplayConformance(new SqlitePlace());

public sealed class SqliteAuditTests() : AuditConformance(new SqlitePlace());

public sealed class SqliteLeaseTests() : LeaseConformance(new SqlitePlace());

public sealed class SqliteRegistrationTests() : RegistrationConformance(new SqlitePlace());

public sealed class SqliteEnvelopeTests() : EnvelopeConformance(new SqlitePlace());

public sealed class SqliteUnitOfWorkTests() : UnitOfWorkConformance(new SqlitePlace());

public sealed class SqliteBatchTests() : BatchConformance(new SqlitePlace());

public sealed class SqliteJoinTests() : JoinConformance(new SqlitePlace());

public sealed class SqliteVisitorTests() : VisitorConformance(new SqlitePlace());

public sealed class SqliteSchemaTests() : SchemaConformance(new SqlitePlace());

public sealed class SqliteClockTests() : ClockConformance(new SqlitePlace());
