using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Reliability.Connections;

/// <summary>
/// One statement, prepared once for a connection, run many times, and ended with the connection. Its parameters are named <c>@p1</c>, <c>@p2</c> … in the
/// order they are given.
/// </summary>
internal sealed class Statement
{
    private static readonly string[] ParameterNames = [.. Enumerable.Range(1, 16).Select(number => "@p" + number)];

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _command;

    public Statement(SqliteConnection connection, string sql)
    {
        _connection = connection;
        _command = connection.CreateCommand();
        _command.CommandText = sql;
    }

    /// <summary>Runs it; says how many rows it changed.</summary>
    public int Run(SqliteTransaction? transaction, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        _command.ExecuteNonQuery();
        // SQLite's own count, of this very run: the command reports -1 where a run changed nothing.
        return raw.sqlite3_changes(_connection.Handle);
    }

    /// <summary>Runs an insert; gives the new row's id, or null where it added none.</summary>
    public long? RunForId(SqliteTransaction? transaction, params ReadOnlySpan<object?> values) =>
        Run(transaction, values) == 0 ? null : raw.sqlite3_last_insert_rowid(_connection.Handle);

    /// <summary>Runs it and reads the first column of the first row; null where there is none.</summary>
    public object? Scalar(SqliteTransaction? transaction, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        return _command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    /// <summary>Runs it and reads its rows.</summary>
    public List<T> Rows<T>(SqliteTransaction? transaction, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        using var reader = _command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));

        return rows;
    }

    private void Bind(SqliteTransaction? transaction, ReadOnlySpan<object?> values)
    {
        _command.Transaction = transaction;
        for (var i = _command.Parameters.Count; i < values.Length; i++)
            _command.Parameters.Add(new SqliteParameter { ParameterName = ParameterNames[i] });

        for (var i = 0; i < values.Length; i++)
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
