namespace Reliability.Tests.Receiving;

public sealed class SqliteOrderTests() : OrderSuite(() => new SqliteTestPlace());

public sealed class SqliteFailureTests() : FailureSuite(() => new SqliteTestPlace());

public sealed class SqliteStopTests() : StopSuite(() => new SqliteTestPlace());

public sealed class SqliteMessageTests() : MessageSuite(() => new SqliteTestPlace());

public sealed class SqlitePositionTests() : PositionSuite(() => new SqliteTestPlace());

public sealed class SqliteGroupTests() : GroupSuite(() => new SqliteTestPlace());

public sealed class SqliteObjectMapperTests() : ObjectMapperSuite(() => new SqliteTestPlace());
