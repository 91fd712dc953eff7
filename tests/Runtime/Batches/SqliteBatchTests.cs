namespace Reliability.Tests.Batches;

public sealed class SqliteBatchTests() : BatchSuite(() => new SqliteTestPlace());
