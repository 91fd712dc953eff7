using Microsoft.Data.Sqlite;

namespace Reliability.Connections;

/// <summary>The statements prepared on one connection. A connection that is someone else's outlives them: they end before it.</summary>
internal sealed class Statements(SqliteConnection connection) : IDisposable
{
    private readonly List<SqliteCommand> _commands = [];

    public SqliteConnection Connection => connection;

    public SqliteCommand Create(string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        _commands.Add(command);
        return command;
    }

    public void Dispose()
    {
        foreach (var command in _commands)
            command.Dispose();

        _commands.Clear();
    }
}
