using Npgsql;

namespace Reliability.Connections;

/// <summary>
/// Statements that must find their rows by an index, whatever the planner believes. A prepared statement keeps its plan, and a plan made while a table was
/// nearly empty reads the whole of it: with a backlog of a million rows, until the next ANALYZE, for every claim and every removal.
/// </summary>
internal static class ByIndex
{
    /// <summary>Inside of a transaction that others use too: what comes after is planned as usual.</summary>
    public static List<NpgsqlBatchCommand> Within(IReadOnlyList<NpgsqlBatchCommand> commands) => [Begin(), .. commands, new("SET LOCAL enable_seqscan TO DEFAULT")];

    /// <summary>The setting alone, for what is left of a transaction.</summary>
    public static NpgsqlBatchCommand Begin() => new("SET LOCAL enable_seqscan TO off");

    /// <summary>Runs statements in one transaction and one round trip; gives how many rows they changed.</summary>
    public static ValueTask<int> RunByIndexAsync(this Database database, CancellationToken cancellationToken, params IReadOnlyList<NpgsqlBatchCommand> commands) =>
        database.RunAsync(cancellationToken, Alone(commands));

    /// <summary>Runs statements in one transaction and one round trip, and reads the rows of the only one that gives any.</summary>
    public static ValueTask<List<T>> RowsByIndexAsync<T>(
        this Database database, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params IReadOnlyList<NpgsqlBatchCommand> commands) =>
        database.RowsAsync(read, cancellationToken, Alone(commands));

    // Fails one of them, the driver rolls the transaction back when the connection returns to its pool.
    private static List<NpgsqlBatchCommand> Alone(IReadOnlyList<NpgsqlBatchCommand> commands) =>
        [new("BEGIN ISOLATION LEVEL READ COMMITTED"), Begin(), .. commands, new("COMMIT")];
}
