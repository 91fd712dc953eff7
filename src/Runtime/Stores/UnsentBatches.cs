using System.Data.Common;

namespace Reliability;

/// <summary>
/// The batches of one unit of work, for stores: each handler is given one of its own, so that none can touch what another added, and what is in them is sent
/// together.
/// </summary>
public sealed class UnsentBatches
{
    private readonly List<DbBatch> _batches = [];

    /// <summary>Remembers a batch that is handed out. It must be on no connection.</summary>
    public T Add<T>(T batch)
        where T : DbBatch
    {
        _batches.Add(batch);
        return batch;
    }

    /// <summary>Takes the commands out of the batches, in the order in which the batches were added.</summary>
    /// <exception cref="InvalidOperationException">A batch was given a connection or a transaction; or a command or a parameter is there twice.</exception>
    public IReadOnlyList<DbBatchCommand> Take()
    {
        var expected = 0;
        foreach (var batch in _batches)
        {
            expected += batch.BatchCommands.Count;
        }

        var commands = new List<DbBatchCommand>(expected);
        // A handful of parameters each.
        var once = new HashSet<object>(expected * 4, ReferenceEqualityComparer.Instance);
        foreach (var batch in _batches)
        {
            if (batch.Connection is not null || batch.Transaction is not null)
            {
                throw new InvalidOperationException(
                    "A handler gave its batch a connection or a transaction, so its commands may have been sent already. Only add commands; the runtime sends them before the commit.");
            }

            foreach (var command in batch.BatchCommands)
            {
                RequireFirst(once, command);
                commands.Add(command);
            }

            batch.BatchCommands.Clear();
        }

        return commands;
    }

    /// <summary>Called before a commit.</summary>
    /// <exception cref="InvalidOperationException">Commands are left.</exception>
    public void RequireNone()
    {
        var left = _batches.Sum(static batch => batch.BatchCommands.Count);
        if (left > 0)
        {
            throw new InvalidOperationException(
                $"{left} commands were added to a batch and not sent, so nothing was committed: call {nameof(IUnitOfWork.FlushAsync)} after the last command. A handler must not add commands after it has ended.");
        }
    }

    // Sent twice, it would carry the values of the second time in both places.
    private static void RequireFirst(HashSet<object> once, DbBatchCommand command)
    {
        if (!once.Add(command))
        {
            throw new InvalidOperationException($"One command was added twice: {command.CommandText}. Make a new one for each message; values are read only when all are sent.");
        }

        foreach (var parameter in command.Parameters)
        {
            if (!once.Add(parameter))
            {
                throw new InvalidOperationException(
                    $"One parameter object, {((DbParameter)parameter).ParameterName}, was added twice, last to: {command.CommandText}. Make a new one for each command; values are read only when all are sent.");
            }
        }
    }
}
