using Npgsql;

namespace Reliability.Connections;

/// <summary>
/// The database's clock, so that clocks that differ between processes do no harm. Every statement that needs the time has it as <c>$1</c>: null, except
/// where a test stops the clock.
/// </summary>
internal sealed class StoreClock(TimeProvider? stopped)
{
    /// <summary>
    /// The time as SQL. When the statement arrived, and not <c>clock_timestamp()</c>: that one may change from row to row, and so cannot be looked up in an index.
    /// </summary>
    public const string Now = "coalesce($1::timestamptz, statement_timestamp())";

    /// <summary>A statement whose <c>$1</c> is the clock.</summary>
    public NpgsqlBatchCommand Command(string sql) => new NpgsqlBatchCommand(sql).Time(stopped?.GetUtcNow());

    /// <summary>A time that lies the microseconds of a parameter from now.</summary>
    public static string After(string microseconds) => $"{Now} + {microseconds} * interval '1 microsecond'";
}
