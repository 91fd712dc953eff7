using Reliability.Benchmarks.HandWritten;

namespace Reliability.Benchmarks.Product;

/// <summary>Writes messages into the product's outbox, as a process does that is not there any more.</summary>
internal static class OutboxFiller
{
    private const int Together = 1000;

    public static async Task FillAsync(IMessageStore store, string transport, string route, IEnumerable<Outgoing> messages)
    {
        await store.StartAsync([], CancellationToken.None);
        foreach (var some in messages.Chunk(Together))
        {
            await using var work = await store.BeginAsync(CancellationToken.None);
            await work.AddToOutboxAsync([.. some.Select(Row)], lease: null, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        OutboxRow Row(Outgoing message) => new()
        {
            Transport = transport,
            Route = route,
            Envelope = new Envelope { MessageId = message.Id.ToString("D"), MessageName = nameof(PaymentTaken), Body = message.Body },
        };
    }
}
