using System.Data;
using System.Data.Common;

namespace Reliability.Batches;

/// <summary>What a handler adds its commands to; the driver has no batches. It is on no connection, and sends nothing by itself.</summary>
internal sealed class SqliteBatch : DbBatch
{
    private readonly SqliteBatchCommands _commands = new();

    /// <summary>Not used: each command has the connection's time.</summary>
    public override int Timeout { get; set; }

    protected override DbBatchCommandCollection DbBatchCommands => _commands;

    protected override DbConnection? DbConnection
    {
        get => null;
        set => RequireNone(value);
    }

    protected override DbTransaction? DbTransaction
    {
        get => null;
        set => RequireNone(value);
    }

    public override int ExecuteNonQuery() => throw Refused();

    public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken = default) => throw Refused();

    public override object? ExecuteScalar() => throw Refused();

    public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken = default) => throw Refused();

    public override void Prepare() => throw Refused();

    public override Task PrepareAsync(CancellationToken cancellationToken = default) => throw Refused();

    /// <summary>Nothing is being sent.</summary>
    public override void Cancel()
    {
    }

    protected override DbBatchCommand CreateDbBatchCommand() => new SqliteBatchCommand();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => throw Refused();

    protected override Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) => throw Refused();

    private static void RequireNone(object? value)
    {
        if (value is not null)
            throw Refused();
    }

    private static InvalidOperationException Refused() =>
        new("This batch is sent by the runtime, before the commit: only add commands to it. To send a command now, or to read, take a DbConnection and a DbTransaction instead.");
}
