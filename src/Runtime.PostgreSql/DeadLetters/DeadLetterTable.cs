using Reliability.Connections;

namespace Reliability.DeadLetters;

internal sealed class DeadLetterTable(Database database, DeadLetterStatements statements) : IDeadLetterTable
{
    public async ValueTask<long> CountAsync(DeadLetterFilter filter, CancellationToken cancellationToken) =>
        (await database.RowsAsync(row => row.GetInt64(0), cancellationToken, statements.Count(filter)).ConfigureAwait(false))[0];

    public async ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterFilter filter, long afterId, int limit, CancellationToken cancellationToken) =>
        await database.RowsAsync(DeadLetterStatements.Read, cancellationToken, statements.List(filter, afterId, limit)).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<DeadLetterAction>> ListActionsAsync(long afterId, int limit, CancellationToken cancellationToken) =>
        await database.RowsAsync(DeadLetterStatements.ReadAction, cancellationToken, statements.ListActions(afterId, limit)).ConfigureAwait(false);
}
