using System.Data.Common;

namespace Reliability.Batches;

/// <summary>The commands of a batch, in the order in which they are sent.</summary>
internal sealed class SqliteBatchCommands : DbBatchCommandCollection
{
    private readonly List<DbBatchCommand> _commands = [];

    public override int Count => _commands.Count;

    public override bool IsReadOnly => false;

    public override void Add(DbBatchCommand item) => _commands.Add(Own(item));

    public override void Insert(int index, DbBatchCommand item) => _commands.Insert(index, Own(item));

    public override void Clear() => _commands.Clear();

    public override bool Contains(DbBatchCommand item) => _commands.Contains(item);

    public override void CopyTo(DbBatchCommand[] array, int arrayIndex) => _commands.CopyTo(array, arrayIndex);

    public override IEnumerator<DbBatchCommand> GetEnumerator() => _commands.GetEnumerator();

    public override int IndexOf(DbBatchCommand item) => _commands.IndexOf(item);

    public override bool Remove(DbBatchCommand item) => _commands.Remove(item);

    public override void RemoveAt(int index) => _commands.RemoveAt(index);

    protected override DbBatchCommand GetBatchCommand(int index) => _commands[index];

    protected override void SetBatchCommand(int index, DbBatchCommand batchCommand) => _commands[index] = Own(batchCommand);

    private static SqliteBatchCommand Own(DbBatchCommand? command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command as SqliteBatchCommand
            ?? throw new ArgumentException($"The command is a {command.GetType().FullName}, of another driver: make it by the batch's CreateBatchCommand.", nameof(command));
    }
}
