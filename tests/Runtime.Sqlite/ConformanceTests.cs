
namespace Reliability.Tests;

public sealed class SqliteInboxTests() : InboxConformance(new SqlitePlace());

public sealed class SqliteOutboxTests() : OutboxConformance(new SqlitePlace());

public sealed class SqliteDeferralTests() : DeferralConformance(new SqlitePlace());

public sealed class SqliteDeadLetterTests() : DeadLetterConformance(new SqlitePlace());

public sealed class SqliteEnvelopeTests() : EnvelopeConformance(new SqlitePlace());

public sealed class SqliteUnitOfWorkTests() : UnitOfWorkConformance(new SqlitePlace());
