using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Reliability;

/// <summary>A save outside of explicit transactions that writes messages too: it must have a transaction, which a single statement otherwise has not.</summary>
internal sealed class ImplicitSave
{
    private readonly DbContext _context;
    private readonly IReadOnlyList<OutboxRow> _rows;
    private readonly AutoTransactionBehavior _before;
    private OutboxWrite? _write;

    public ImplicitSave(DbContext context, IReadOnlyList<OutboxRow> rows)
    {
        _context = context;
        _rows = rows;
        _before = context.Database.AutoTransactionBehavior;
        context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
    }

    /// <summary>False as long as no transaction was begun: the save had no changes.</summary>
    public bool HasWritten => _write is not null;

    /// <summary>Writes on the transaction that was begun. Where a retrying execution strategy begins another, what was written before is rolled back.</summary>
    public async ValueTask WriteAsync(DbTransaction transaction, CancellationToken cancellationToken)
    {
        _write?.Abandon();
        _write = null;
        _write = await OutboxWriter.WriteReservedAsync(_context, transaction, _rows, cancellationToken).ConfigureAwait(false);
    }

    public void End(bool committed)
    {
        _context.Database.AutoTransactionBehavior = _before;
        if (committed)
        {
            _write?.Committed();
        }
        else
        {
            _write?.Abandon();
        }
    }
}
