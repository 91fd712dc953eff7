using Reliability.Benchmarks.HandWritten;

namespace Reliability.Benchmarks.Business;

/// <summary>The database of one run, fresh: no contender pays for what another left behind.</summary>
internal interface IRunDatabase : IAsyncDisposable
{
    /// <summary>Has the product keep its tables there.</summary>
    void Use(ReliabilityBuilder reliability);

    /// <summary>Makes the tables of what is written by hand.</summary>
    Task<ILedger> CreateLedgerAsync();

    /// <summary>Returns when the product has nothing left to send, or to take from local queues.</summary>
    Task WaitUntilSentAsync();

    /// <summary>Counts the effects of a run.</summary>
    /// <exception cref="InvalidOperationException">One is missing or doubled.</exception>
    Task CheckAsync(string contender, int messages);
}
