namespace Reliability.Worker;

/// <summary>Units of work that the worker ends well, or not at all.</summary>
internal static class Writes
{
    public static async Task<string> CommitAsync(IMessageStore store)
    {
        await using var work = await store.BeginAsync(CancellationToken.None);
        await work.AddToInboxAsync([Messages.Entry("committed")], CancellationToken.None);
        await work.AddToOutboxAsync([Messages.Row("committed")], Messages.Lease, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return "";
    }

    /// <summary>Never committed and never disposed: the process is killed in the middle.</summary>
    public static async Task<string> LeaveOpenAsync(IMessageStore store)
    {
        var work = await store.BeginAsync(CancellationToken.None);
        await work.AddToInboxAsync([Messages.Entry("uncommitted")], CancellationToken.None);
        // More than SQLite's page cache holds, so that uncommitted pages reach the log.
        for (var i = 0; i < 50; i++)
            await work.AddToOutboxAsync([Messages.Row("uncommitted-" + i + new string('x', 100_000))], Messages.Lease, CancellationToken.None);

        return "";
    }
}
