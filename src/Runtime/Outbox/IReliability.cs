using System.Data.Common;

namespace Reliability;

/// <summary>Sends messages from code that is no handler, together with its database changes.</summary>
public interface IReliability
{
    /// <summary>Opens a transaction whose outgoing messages leave after, and only if, it commits.</summary>
    ValueTask<IWork> BeginAsync(CancellationToken cancellationToken = default);
}

/// <summary>A transaction with an outbox. Disposed without a commit, it is rolled back and nothing is sent.</summary>
public interface IWork : IAsyncDisposable
{
    /// <summary>The open connection, for business statements.</summary>
    DbConnection Connection { get; }

    /// <summary>The open transaction, for business statements.</summary>
    DbTransaction Transaction { get; }

    /// <summary>Takes the messages.</summary>
    IOutbox Outbox { get; }

    /// <summary>Commits the business changes and the messages together. Where this throws, the outcome is unknown, and ids make a repeat harmless.</summary>
    ValueTask CommitAsync(CancellationToken cancellationToken = default);
}
