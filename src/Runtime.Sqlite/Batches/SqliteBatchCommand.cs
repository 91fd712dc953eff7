using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Reliability.Batches;

/// <summary>One command of a batch: its text, and its parameters.</summary>
internal sealed class SqliteBatchCommand : DbBatchCommand
{
    // The driver's collection of parameters is to be had from a command alone.
    private readonly SqliteParameterCollection _parameters = new SqliteCommand().Parameters;
    private string _text = "";
    private int _recordsAffected;

    [AllowNull]
    public override string CommandText
    {
        get => _text;
        set => _text = value ?? "";
    }

    /// <summary>Text: SQLite has no procedures.</summary>
    /// <exception cref="ArgumentException">Set to anything else.</exception>
    public override CommandType CommandType
    {
        get => CommandType.Text;
        set
        {
            if (value != CommandType.Text)
                throw new ArgumentException($"SQLite has no commands of type {value}, only {CommandType.Text}.", nameof(value));
        }
    }

    /// <summary>How many rows it changed, once it was sent; -1 for one that only reads.</summary>
    public override int RecordsAffected => _recordsAffected;

    public override bool CanCreateParameter => true;

    protected override DbParameterCollection DbParameterCollection => _parameters;

    public override DbParameter CreateParameter() => new SqliteParameter();

    /// <summary>Runs it by a command that is open on the connection. Following commands of the same text find it prepared.</summary>
    public void Run(SqliteCommand by)
    {
        by.CommandText = _text;
        by.Parameters.Clear();
        foreach (SqliteParameter parameter in _parameters)
            by.Parameters.Add(parameter);

        _recordsAffected = by.ExecuteNonQuery();
    }
}
