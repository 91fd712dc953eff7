using System.Data;
using System.Data.Common;
using Npgsql;

namespace Reliability.Batches;

/// <summary>
/// What a handler adds its commands to. It is on no connection, so that whatever it is asked, even by the driver's own methods, it sends nothing.
/// </summary>
internal sealed class UnsentBatch : NpgsqlBatch
{
    protected override DbConnection? DbConnection
    {
        get => base.DbConnection;
        set => base.DbConnection = value is null ? null : throw Refused();
    }

    protected override DbTransaction? DbTransaction
    {
        get => base.DbTransaction;
        set => base.DbTransaction = value is null ? null : throw Refused();
    }

    public override int ExecuteNonQuery() => throw Refused();

    public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken = default) => throw Refused();

    public override object? ExecuteScalar() => throw Refused();

    public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken = default) => throw Refused();

    public override void Prepare() => throw Refused();

    public override Task PrepareAsync(CancellationToken cancellationToken = default) => throw Refused();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => throw Refused();

    protected override Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) => throw Refused();

    private static InvalidOperationException Refused() =>
        new("This batch is sent by the runtime, before the commit: only add commands to it. To send a command now, or to read, take a DbConnection and a DbTransaction instead.");
}
