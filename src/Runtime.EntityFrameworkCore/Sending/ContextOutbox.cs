using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace Reliability;

/// <summary>
/// The messages that were published on one context and are not written yet. In a handler there are none: they go to the handler's outbox.
/// </summary>
internal sealed class ContextOutbox
{
    private static readonly ConditionalWeakTable<DbContext, ContextOutbox> PerContext = new();

    private readonly List<(OutboxRow Row, Guid? Transaction)> _pending = [];
    private int _lease;

    /// <summary>The handler whose context it is, and in whose outbox messages go; else null.</summary>
    public HandlerContext? Handler { get; private set; }

    /// <summary>The save under way that has to have a transaction; else null.</summary>
    public ImplicitSave? Save { get; private set; }

    public int Count => _pending.Count;

    public IReadOnlyList<OutboxRow> Rows => _pending.ConvertAll(pending => pending.Row);

    public static ContextOutbox Of(DbContext context)
    {
        var outbox = PerContext.GetValue(context, static _ => new ContextOutbox());
        outbox.Renew(context.ContextId.Lease);
        return outbox;
    }

    /// <summary>Null where nothing waits to be written.</summary>
    public static ContextOutbox? WithPending(DbContext? context)
    {
        if (context is null || !PerContext.TryGetValue(context, out var outbox))
        {
            return null;
        }

        outbox.Renew(context.ContextId.Lease);
        outbox.DropWhatItsTransactionTook(context.Database.CurrentTransaction?.TransactionId);
        return outbox.Count > 0 ? outbox : null;
    }

    /// <summary>The save of a context that has to have a transaction; null where there is none.</summary>
    public static ImplicitSave? SaveOf(DbContext? context) =>
        context is not null && PerContext.TryGetValue(context, out var outbox) ? outbox.Save : null;

    public void Join(HandlerContext handler) => Handler = handler;

    public void Leave() => Handler = null;

    /// <param name="rows">The messages.</param>
    /// <param name="transaction">The explicit transaction in which they were published; null: none.</param>
    public void Add(IEnumerable<OutboxRow> rows, Guid? transaction) => _pending.AddRange(rows.Select(row => (row, transaction)));

    public void Clear() => _pending.Clear();

    public void BeginSave(DbContext context) => Save ??= new ImplicitSave(context, Rows);

    /// <param name="committed">False: it was rolled back, or nobody knows; what was published is still to be written.</param>
    public void EndSave(bool committed)
    {
        if (Save is { } save)
        {
            Save = null;
            save.End(committed);
            if (committed)
            {
                Clear();
            }
        }
    }

    // A transaction that ended without a commit leaves what was published in it behind: nothing tells of its end, but another one, or none, is open now.
    private void DropWhatItsTransactionTook(Guid? current) =>
        _pending.RemoveAll(pending => pending.Transaction is { } its && its != current);

    // What one user of a pooled context published and never saved must not leave with the next one's changes.
    private void Renew(int lease)
    {
        if (lease != _lease)
        {
            _lease = lease;
            (Handler, Save) = (null, null);
            Clear();
        }
    }
}
