namespace Reliability;

/// <summary>Dead letters, outside of units of work.</summary>
public interface IDeadLetterTable
{
    /// <summary>How many messages are kept.</summary>
    ValueTask<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="limit"/> of them with a number above <paramref name="afterId"/>, by number.</summary>
    ValueTask<IReadOnlyList<DeadLetter>> ListAsync(long afterId, int limit, CancellationToken cancellationToken);
}
