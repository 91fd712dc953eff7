namespace Reliability.Benchmarks.HandWritten;

/// <summary>A message on its way out.</summary>
internal readonly record struct Outgoing(Guid Id, byte[] Body);

/// <summary>A database as people write it by hand: a table of what was handled, a business table, and a table of what is to be sent.</summary>
internal interface ILedger : IAsyncDisposable
{
    /// <summary>A connection of its own.</summary>
    ValueTask<ILedgerSession> OpenAsync();

    /// <summary>These were confirmed.</summary>
    ValueTask RemoveAsync(IReadOnlyList<long> outgoing);
}

/// <summary>One connection, and the statements of one transaction at a time on it.</summary>
internal interface ILedgerSession : IAsyncDisposable
{
    ValueTask BeginAsync();

    /// <summary>Records messages as handled, in one statement.</summary>
    /// <returns>Those that were not before.</returns>
    ValueTask<IReadOnlySet<Guid>> MarkAsync(IReadOnlyList<Guid> ids);

    /// <summary>The business row of one message.</summary>
    ValueTask AddAsync(PaymentTaken payment);

    /// <summary>Those of many, in one round trip.</summary>
    ValueTask AddAllAsync(IReadOnlyList<PaymentTaken> payments);

    /// <summary>Writes what is to be sent, in one statement.</summary>
    /// <returns>The rows' numbers.</returns>
    ValueTask<IReadOnlyList<long>> SendAsync(IReadOnlyList<Outgoing> messages);

    ValueTask CommitAsync();
}
