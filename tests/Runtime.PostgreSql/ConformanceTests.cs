namespace Reliability.Tests;

public sealed class PostgreSqlInboxTests() : InboxConformance(new PostgreSqlPlace());

public sealed class PostgreSqlPositionTests() : PositionConformance(new PostgreSqlPlace());

public sealed class PostgreSqlOutboxTests() : OutboxConformance(new PostgreSqlPlace());

public sealed class PostgreSqlOutboxOrderTests() : OutboxOrderConformance(new PostgreSqlPlace());

public sealed class PostgreSqlOutboxQueueTests() : OutboxQueueConformance(new PostgreSqlPlace());

public sealed class PostgreSqlOutboxAgeTests() : OutboxAgeConformance(new PostgreSqlPlace());

public sealed class PostgreSqlDeferralTests() : DeferralConformance(new PostgreSqlPlace());

public sealed class PostgreSqlDeferralScheduleTests() : DeferralScheduleConformance(new PostgreSqlPlace());

public sealed class PostgreSqlDeadLetterTests() : DeadLetterConformance(new PostgreSqlPlace());

public sealed class PostgreSqlReplayTests() : ReplayConformance(new PostgreSqlPlace());

public sealed class PostgreSqlAuditTests() : AuditConformance(new PostgreSqlPlace());

public sealed class PostgreSqlLeaseTests() : LeaseConformance(new PostgreSqlPlace());

public sealed class PostgreSqlRegistrationTests() : RegistrationConformance(new PostgreSqlPlace());

public sealed class PostgreSqlEnvelopeTests() : EnvelopeConformance(new PostgreSqlPlace());

public sealed class PostgreSqlUnitOfWorkTests() : UnitOfWorkConformance(new PostgreSqlPlace());

public sealed class PostgreSqlBatchTests() : BatchConformance(new PostgreSqlPlace());

public sealed class PostgreSqlJoinTests() : JoinConformance(new PostgreSqlPlace());

public sealed class PostgreSqlVisitorTests() : VisitorConformance(new PostgreSqlPlace());

public sealed class PostgreSqlSchemaTests() : SchemaConformance(new PostgreSqlPlace());

public sealed class PostgreSqlClockTests() : ClockConformance(new PostgreSqlPlace());

public sealed class PostgreSqlPartitionedInboxTests() : InboxConformance(new PostgreSqlPlace(options => options.PartitionedInbox = true));

public sealed class PostgreSqlSharedStoreTests() : SharedStoreConformance(new PostgreSqlPlace());
