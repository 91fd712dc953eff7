using Microsoft.Data.Sqlite;

namespace Reliability.Connections;

/// <summary>A connection for reads beside the writer: counting a long backlog stops no handler.</summary>
internal sealed class ReadConnection(ConnectionOpener opener) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, Statement> _prepared = [];
    private Statements? _statements;
    private bool _closed;

    /// <summary>Reads the rows of a statement, which is prepared once: of texts there are few.</summary>
    public async ValueTask<List<T>> RowsAsync<T>(string sql, Func<SqliteDataReader, T> read, object?[] values, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteMessageStore));
            _statements ??= new Statements(opener.OpenReader());
            if (!_prepared.TryGetValue(sql, out var statement))
                _prepared.Add(sql, statement = new Statement(_statements, sql));

            return statement.Rows(null, read, values);
        }
        catch
        {
            Close();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Reads the one row of a statement that always has one.</summary>
    public async ValueTask<T> RowAsync<T>(string sql, Func<SqliteDataReader, T> read, CancellationToken cancellationToken) =>
        (await RowsAsync(sql, read, [], cancellationToken).ConfigureAwait(false))[0];

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _closed = true;
        Close();
        _turn.Release();
    }

    private void Close()
    {
        _prepared.Clear();
        _statements?.Dispose();
        _statements?.Connection.Dispose();
        _statements = null;
    }
}
