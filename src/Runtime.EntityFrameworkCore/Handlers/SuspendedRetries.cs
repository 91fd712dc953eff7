using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Reliability;

/// <summary>
/// Keeps a retrying execution strategy (<c>EnableRetryOnFailure</c>) from retrying: it could repeat one statement only, in a transaction that has failed
/// as a whole, and so Entity Framework Core refuses it in transactions that are not its own. The runtime repeats the whole attempt instead.
/// </summary>
internal sealed class SuspendedRetries : ExecutionStrategy, IDisposable
{
    private readonly bool _began;

    private SuspendedRetries(DbContext context)
        : base(context, maxRetryCount: 0, TimeSpan.Zero)
    {
        // While one strategy is at work, others pass operations through. It is remembered per flow of control, from here to the wrapper's end.
        if (Current is null)
        {
            Current = this;
            _began = true;
        }
    }

    public static SuspendedRetries Begin(DbContext context) => new(context);

    public void Dispose()
    {
        if (_began)
        {
            Current = null;
        }
    }

    protected override bool ShouldRetryOn(Exception exception) => false;
}
