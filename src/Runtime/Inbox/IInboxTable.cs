namespace Reliability;

/// <summary>Handled messages, outside of units of work.</summary>
public interface IInboxTable
{
    /// <summary>How many messages each consumer has handled and is remembered for, and how many deliveries were duplicates.</summary>
    ValueTask<IReadOnlyList<InboxCount>> CountAsync(CancellationToken cancellationToken);

    /// <summary>Forgets up to <paramref name="limit"/> messages handled longer ago than <paramref name="age"/>.</summary>
    /// <returns>How many were forgotten; <paramref name="limit"/> means that there may be more.</returns>
    ValueTask<int> ForgetAsync(TimeSpan age, int limit, CancellationToken cancellationToken);
}

/// <summary>What the inbox holds of one consumer.</summary>
/// <param name="Consumer">The handler's name.</param>
/// <param name="Handled">Messages remembered.</param>
/// <param name="Duplicates">Deliveries dropped as duplicates since the tables were made.</param>
public sealed record InboxCount(string Consumer, long Handled, long Duplicates);
