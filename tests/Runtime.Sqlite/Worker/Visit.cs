namespace Reliability.Worker;

/// <summary>What a command-line tool does beside the service: looks, takes a dead letter, and sends it again.</summary>
internal static class Visit
{
    public static async Task<string> MendAsync(IMessageStore store)
    {
        var seen = (await store.Outbox.CountAsync(CancellationToken.None)).Sum(backlog => backlog.Rows);
        var letter = (await store.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 1, CancellationToken.None))[0];
        try
        {
            await using var work = await store.BeginAsync(CancellationToken.None);
            var taken = await work.TakeDeadLetterAsync(letter.Id, CancellationToken.None);
            await work.AddToOutboxAsync([Messages.Row("again-" + taken!.Envelope.MessageId)], null, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
            return $"saw {seen} rows, took {taken.Envelope.MessageId}";
        }
        catch (Exception error) when (store.IsUnavailable(error))
        {
            return $"saw {seen} rows, may not write: {error.Message}";
        }
    }
}
