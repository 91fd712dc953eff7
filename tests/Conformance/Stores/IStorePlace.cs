using System.Data.Common;

namespace Reliability.Conformance;

/// <summary>An empty database of one test's own, and how the store under test opens it.</summary>
public interface IStorePlace : IAsyncDisposable
{
    /// <summary>
    /// A store that is not started yet. Called again on the same database: after the first was disposed, a restart; beside it, a visitor (or, in an
    /// <see cref="ISharedStorePlace"/>, another process of the same service).
    /// </summary>
    ValueTask<IMessageStore> OpenAsync(TimeProvider time);

    /// <summary>An open connection to the same database, as an application makes one of its own. The caller disposes it.</summary>
    ValueTask<DbConnection> ConnectAsync();

    /// <summary>An open connection of the same driver to another database, or another file. The caller disposes it.</summary>
    ValueTask<DbConnection> ConnectElsewhereAsync();
}

/// <summary>A database that several processes work on at once. Places of exclusive stores are none, so the suites that need one are not theirs.</summary>
public interface ISharedStorePlace : IStorePlace;
