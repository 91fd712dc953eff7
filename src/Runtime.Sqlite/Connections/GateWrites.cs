using Microsoft.Data.Sqlite;

namespace Reliability.Connections;

/// <summary>Short transactions of the store's own.</summary>
internal static class GateWrites
{
    public static async ValueTask<T> WriteAsync<T>(
        this WriteGate gate, Func<WriteSession, SqliteTransaction, T> write, CancellationToken cancellationToken)
    {
        var work = await gate.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using (work.ConfigureAwait(false))
        {
            var result = write(work.Session, work.OpenTransaction);
            await work.CommitAsync(cancellationToken).ConfigureAwait(false);
            return result;
        }
    }

    public static async ValueTask WriteAsync(
        this WriteGate gate, Action<WriteSession, SqliteTransaction> write, CancellationToken cancellationToken) =>
        await gate.WriteAsync((session, transaction) =>
        {
            write(session, transaction);
            return true;
        }, cancellationToken).ConfigureAwait(false);
}
