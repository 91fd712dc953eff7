namespace Reliability.Conformance;

/// <summary>An empty database of one test's own, and how the store under test opens it.</summary>
public interface IStorePlace : IAsyncDisposable
{
    /// <summary>A store that is not started yet. Called once more after the first was disposed: a restart, on the same database.</summary>
    ValueTask<IMessageStore> OpenAsync(TimeProvider time);
}
