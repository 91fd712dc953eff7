using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Reliability.Connections;

/// <summary>
/// One statement, prepared once for a connection, and run many times. Its parameters are named <c>@p1</c>, <c>@p2</c> … in the
/// order they are given.
/// </summary>
internal sealed class Statement
{
    private static readonly string[] ParameterNames = [.. Enumerable.Range(1, 16).Select(number => "@p" + number)];

    private readonly Statements _statements;
    private readonly string _sql;
    private SqliteCommand? _made;

    public Statement(Statements statements, string sql)
    {
        _statements = statements;
        _sql = sql;
    }

    // Made when first run: a unit of work on someone else's connection runs few of them.
    private SqliteCommand Command => _made ??= _statements.Create(_sql);

    /// <summary>Runs it; says how many rows it changed.</summary>
    public int Run(SqliteTransaction? transaction, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        Command.ExecuteNonQuery();
        // SQLite's own count, of this very run: the command reports -1 where a run changed nothing.
        return raw.sqlite3_changes(_statements.Connection.Handle);
    }

    /// <summary>Runs an insert; gives the new row's id, or null where it added none.</summary>
    public long? RunForId(SqliteTransaction? transaction, params ReadOnlySpan<object?> values) =>
        Run(transaction, values) == 0 ? null : raw.sqlite3_last_insert_rowid(_statements.Connection.Handle);

    /// <summary>Runs it and reads the first column of the first row; null where there is none.</summary>
    public object? Scalar(SqliteTransaction? transaction, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        return Command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    /// <summary>Runs it and reads its rows.</summary>
    public List<T> Rows<T>(SqliteTransaction? transaction, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        using var reader = Command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));

        return rows;
    }

    private void Bind(SqliteTransaction? transaction, ReadOnlySpan<object?> values)
    {
        var command = Command;
        command.Transaction = transaction;
        for (var i = command.Parameters.Count; i < values.Length; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = ParameterNames[i] });

        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
