using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Reliability;

/// <summary>How a context reaches its database by itself: read before it is enlisted, put back afterwards, since a pooled context serves others next.</summary>
/// <param name="Connection">The relational connection, which outlives what it is connected to.</param>
/// <param name="ConnectionString">Null where a data source or a given connection tells.</param>
/// <param name="Given">A connection that the application configured and owns; else null.</param>
/// <param name="Savepoints">Whether it makes savepoints.</param>
internal sealed record ContextOrigin(IRelationalConnection Connection, string? ConnectionString, DbConnection? Given, bool Savepoints)
{
    /// <exception cref="InvalidOperationException">The context cannot join the handler's transaction.</exception>
    public static ContextOrigin Of(DbContext context, HandlerContext handler)
    {
        var database = context.Database;
        if (!database.IsRelational())
        {
            throw Refused(context, handler, $"its provider, {database.ProviderName}, is not relational and has no transactions to join");
        }

        if (context.ChangeTracker.HasChanges())
        {
            throw Refused(context, handler, "it has changes that were made before the handler ran; register it as scoped (AddDbContext, AddDbContextPool) and change nothing in constructors");
        }

        var connection = context.GetService<IRelationalConnection>();
        if (connection.CurrentTransaction is not null)
        {
            throw Refused(context, handler, "it has a transaction of its own; begin none before the handler runs");
        }

        CheckSameDatabase(context, handler, connection.DbConnection);
        var given = context.GetService<IDbContextOptions>().Extensions.OfType<RelationalOptionsExtension>().FirstOrDefault()?.Connection;
        return new ContextOrigin(connection, connection.ConnectionString, given, database.AutoSavepointsEnabled);
    }

    /// <summary>Connects the context as it was before.</summary>
    public void Restore(DbContext context)
    {
        context.Database.AutoSavepointsEnabled = Savepoints;
        if (Given is not null)
        {
            Connection.SetDbConnection(Given, contextOwnsConnection: false);
            return;
        }

        Connection.SetDbConnection(null, contextOwnsConnection: true);
        // A provider that has a data source still has it, and writing a text would make it forget.
        if (Connection.ConnectionString is null && ConnectionString is not null)
        {
            Connection.ConnectionString = ConnectionString;
        }
    }

    private static void CheckSameDatabase(DbContext context, HandlerContext handler, DbConnection own)
    {
        var store = handler.Connection;
        if (own.GetType() != store.GetType())
        {
            throw Refused(context, handler, $"it uses {own.GetType().Name}, but the store gives a {store.GetType().Name}; both must be on one database, so that they commit together");
        }

        if (own.State != ConnectionState.Closed)
        {
            throw Refused(context, handler, "its connection is open already; open none before the handler runs");
        }

        if (Differ(own.Database, store.Database) || Differ(Server(own.DataSource), Server(store.DataSource)))
        {
            throw Refused(context, handler,
                $"it is configured for the database '{own.Database}' on '{own.DataSource}', but the store is in '{store.Database}' on '{store.DataSource}'; configure both with one connection string, so that they commit together");
        }
    }

    // Empty: the configuration leaves it open.
    private static bool Differ(string? one, string? other) =>
        !string.IsNullOrEmpty(one) && !string.IsNullOrEmpty(other) && !string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    // A closed connection to one of several servers does not know which it will be. The machine itself has several names.
    private static string? Server(string? dataSource) => dataSource is null || dataSource.Contains(',', StringComparison.Ordinal)
        ? null
        : dataSource.Replace("127.0.0.1", "localhost", StringComparison.Ordinal).Replace("[::1]", "localhost", StringComparison.Ordinal);

    private static InvalidOperationException Refused(DbContext context, HandlerContext handler, string reason) =>
        new($"{handler.Message.Handler} takes a {context.GetType().Name}, which cannot join its transaction: {reason}. Nothing was changed.");
}
