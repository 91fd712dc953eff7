using System.Globalization;

namespace Reliability.Worker;

/// <summary>A disk that fills up under the store, and has room again.</summary>
internal static class Disk
{
    public static async Task<string> FillAsync(IMessageStore store, string folder)
    {
        var ballast = Path.Combine(folder, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[1 << 20]);

        var kept = 0;
        Exception? error;
        while ((error = await TryHandleAsync(store, kept)) is null)
            kept++;

        var again = await TryHandleAsync(store, kept);
        var readable = (await store.Outbox.CountAsync(CancellationToken.None)).Sum(backlog => backlog.Rows);
        File.Delete(ballast);
        var after = await TryHandleAsync(store, kept);
        var rows = await store.Outbox.ClaimAsync(new OutboxClaim(TransportNames.Local, null, int.MaxValue, Messages.Lease), CancellationToken.None);
        return string.Create(CultureInfo.InvariantCulture,
            $"kept some: {kept > 10}; full: {Describe(store, error)}; still: {Describe(store, again)}; read: {readable - kept}; after: {Describe(store, after)}; " +
            $"lost: {kept + 1 - rows.Select(row => row.Envelope.MessageId).Distinct().Count()}; doubled: {rows.Count - kept - 1}");
    }

    /// <summary>What a handler's group does; null where it committed.</summary>
    private static async Task<Exception?> TryHandleAsync(IMessageStore store, int number)
    {
        try
        {
            await using var work = await store.BeginAsync(CancellationToken.None);
            var verdict = (await work.AddToInboxAsync([Messages.Entry("operation-" + number)], CancellationToken.None))[0];
            if (verdict != InboxVerdict.New)
                return new InvalidOperationException($"Operation {number} is said to be handled: {verdict}.");

            await work.AddToOutboxAsync([Messages.Row("m-" + number, bytes: 20_000)], null, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
            return null;
        }
#pragma warning disable CA1031 // What is thrown is what is asked.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return error;
        }
    }

    private static string Describe(IMessageStore store, Exception? error) =>
        error is null ? "no error" : $"unavailable {store.IsUnavailable(error)}, {error.Message}";
}
