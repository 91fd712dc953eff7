namespace Reliability;

/// <summary>Handled messages, outside of units of work.</summary>
public interface IInboxTable
{
    /// <summary>How many messages each consumer has handled and is remembered for, and how many deliveries were duplicates.</summary>
    ValueTask<IReadOnlyList<InboxCount>> CountAsync(CancellationToken cancellationToken);

    /// <summary>Forgets up to <paramref name="limit"/> messages that a handler handled longer ago than <paramref name="age"/>.</summary>
    /// <returns>How many were forgotten; <paramref name="limit"/> means that there may be more. 0 also where another process is at it.</returns>
    ValueTask<int> ForgetAsync(string consumer, TimeSpan age, int limit, CancellationToken cancellationToken);
}

/// <summary>What the inbox holds of one consumer.</summary>
/// <param name="Consumer">The handler's name.</param>
/// <param name="Handled">Messages remembered.</param>
/// <param name="Duplicates">Deliveries dropped as duplicates since the tables were made.</param>
public sealed record InboxCount(string Consumer, long Handled, long Duplicates);
