namespace Reliability.Tests;

public sealed class PostgreSqlInboxTests() : InboxConformance(new PostgreSqlPlace());

public sealed class PostgreSqlPartitionedInboxTests() : InboxConformance(new PostgreSqlPlace(options => options.PartitionedInbox = true));

public sealed class PostgreSqlOutboxTests() : OutboxConformance(new PostgreSqlPlace());

public sealed class PostgreSqlDeferralTests() : DeferralConformance(new PostgreSqlPlace());

public sealed class PostgreSqlDeadLetterTests() : DeadLetterConformance(new PostgreSqlPlace());

public sealed class PostgreSqlEnvelopeTests() : EnvelopeConformance(new PostgreSqlPlace());

public sealed class PostgreSqlUnitOfWorkTests() : UnitOfWorkConformance(new PostgreSqlPlace());
