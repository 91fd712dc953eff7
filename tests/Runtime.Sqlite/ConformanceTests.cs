using Reliability.Conformance;

namespace Reliability.Tests;

public sealed class SqliteInboxTests() : InboxConformance(new SqlitePlace());
