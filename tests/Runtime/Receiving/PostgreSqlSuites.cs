namespace Reliability.Tests.Receiving;

public sealed class PostgreSqlOrderTests() : OrderSuite(() => new PostgreSqlTestPlace());

public sealed class PostgreSqlFailureTests() : FailureSuite(() => new PostgreSqlTestPlace());

public sealed class PostgreSqlStopTests() : StopSuite(() => new PostgreSqlTestPlace());

public sealed class PostgreSqlMessageTests() : MessageSuite(() => new PostgreSqlTestPlace());

public sealed class PostgreSqlPositionTests() : PositionSuite(() => new PostgreSqlTestPlace());

public sealed class PostgreSqlGroupTests() : GroupSuite(() => new PostgreSqlTestPlace());

public sealed class PostgreSqlObjectMapperTests() : ObjectMapperSuite(() => new PostgreSqlTestPlace());
