namespace Reliability;

/// <summary>The store's tables: what they are, and what they should be.</summary>
public interface IStoreSchema
{
    /// <summary>The version that this package knows.</summary>
    int KnownVersion { get; }

    /// <summary>The SQL that brings tables of a version to the known one. 0: from nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such version.</exception>
    string Script(int fromVersion = 0);

    /// <summary>The version that the database has; 0: none.</summary>
    ValueTask<int> ReadVersionAsync(CancellationToken cancellationToken);

    /// <summary>Creates or upgrades the tables. Several processes may call it at once.</summary>
    /// <returns>The version before.</returns>
    /// <exception cref="StoreException">The tables are newer than this package, or may not be changed by this user.</exception>
    ValueTask<int> ApplyAsync(CancellationToken cancellationToken);
}
