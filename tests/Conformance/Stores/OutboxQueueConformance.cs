using System.Collections.Concurrent;

namespace Reliability.Conformance;

/// <summary>Order per key over many rows, many keys, failures and several relays.</summary>
public abstract class OutboxQueueConformance(IStorePlace place) : StoreConformance(place)
{
    private static readonly int[] AllParts = [.. Enumerable.Range(0, OutboxRow.Parts)];

    [Fact]
    public async Task A_long_queue_behind_a_failed_row_lets_other_keys_pass_and_leaves_in_its_order()
    {
        await AddAsync([.. Enumerable.Range(0, 3000).Select(i => Row($"a{i:0000}", orderKey: "a")), Row("b", orderKey: "b")]);
        var first = (await ClaimAsync(1)).Single();
        await Store.Outbox.RescheduleAsync([new OutboxRetry(first.Id, TimeSpan.FromMinutes(1))], Cancellation);

        Assert.Equal("b", (await ClaimAsync(50)).Single().Envelope.MessageId);
        Assert.Empty(await ClaimAsync(50));

        Time.Advance(TimeSpan.FromMinutes(1));
        var sent = new List<string>();
        var late = 0;
        while (await ClaimAsync(170) is { Count: > 0 } rows)
        {
            sent.AddRange(rows.Select(row => row.Envelope.MessageId));
            // Rows that are written while the queue drains stand at its end.
            if (late < 10)
                await AddAsync(Row($"b-late-{late++}", orderKey: "a"));

            await Store.Outbox.RemoveAsync([.. rows.Select(row => row.Id)], audit: false, Cancellation);
        }

        Assert.Equal([.. Enumerable.Range(0, 3000).Select(i => $"a{i:0000}"), .. Enumerable.Range(0, 10).Select(i => $"b-late-{i}")], sent);
    }

    [Fact]
    public async Task A_queue_whose_first_row_fails_twice_keeps_its_order()
    {
        await AddAsync([.. Enumerable.Range(0, 500).Select(i => Row($"a{i:000}", orderKey: "a"))]);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var held = await ClaimAsync(20);
            Assert.Equal("a000", held[0].Envelope.MessageId);
            await Store.Outbox.RescheduleAsync([new OutboxRetry(held[0].Id, TimeSpan.FromSeconds(10))], Cancellation);
            await Store.Outbox.ReleaseAsync([.. held.Skip(1).Select(row => row.Id)], Cancellation);
            Assert.Empty(await ClaimAsync(20));
            Time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"a{i:000}"), (await ClaimAndSendAllAsync()).Select(row => row.Envelope.MessageId));
    }

    [Fact]
    public async Task Relays_that_share_the_parts_keep_every_keys_order_through_failures()
    {
        await AddAsync([.. from number in Enumerable.Range(0, 12) from key in Enumerable.Range(0, 24) select Row($"{key}/{number:00}", orderKey: $"key-{key}")]);

        var sent = new ConcurrentQueue<string>();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(relay => Task.Run(() => RelayAsync("relay-" + relay, [.. AllParts.Where(part => part % 3 == relay)], sent), Cancellation)));

        Assert.Equal(12 * 24, sent.Distinct().Count());
        Assert.Equal(12 * 24, sent.Count);
        Assert.All(sent.GroupBy(id => id.Split('/')[0]), key => Assert.Equal(key.Order(StringComparer.Ordinal), key));
        Assert.Equal(0, await Store.CountOutboxAsync(Cancellation));
    }

    // Every fifth message fails at first. What is in hand behind a failed row is given back, as a relay does.
    private async Task RelayAsync(string owner, int[] parts, ConcurrentQueue<string> sent)
    {
        for (var idle = 0; idle < 50;)
        {
            var rows = await ClaimAsync(30, owner, parts);
            idle = rows.Count == 0 ? idle + 1 : 0;
            var stuck = new HashSet<string>();
            foreach (var row in rows)
            {
                if (stuck.Contains(row.OrderKey!))
                {
                    await Store.Outbox.ReleaseAsync([row.Id], Cancellation);
                }
                else if (row.Attempts == 0 && row.Id % 5 == 0)
                {
                    stuck.Add(row.OrderKey!);
                    await Store.Outbox.RescheduleAsync([new OutboxRetry(row.Id, TimeSpan.FromMilliseconds(20))], Cancellation);
                }
                else
                {
                    sent.Enqueue(row.Envelope.MessageId);
                    await Store.Outbox.RemoveAsync([row.Id], audit: false, Cancellation);
                }
            }

            Time.Advance(TimeSpan.FromMilliseconds(5));
        }
    }

    private async Task<List<OutboxRow>> ClaimAndSendAllAsync()
    {
        var sent = new List<OutboxRow>();
        while (await ClaimAsync(64) is { Count: > 0 } rows)
        {
            sent.AddRange(rows);
            await Store.Outbox.RemoveAsync([.. rows.Select(row => row.Id)], audit: false, Cancellation);
        }

        return sent;
    }

    private Task AddAsync(params OutboxRow[] rows) => CommitAsync(work => work.AddToOutboxAsync(rows, null, Cancellation));

    private async Task<IReadOnlyList<OutboxRow>> ClaimAsync(int limit, string owner = Relay, int[]? parts = null) => await Store.Outbox.ClaimAsync(
        new OutboxClaim(TransportNames.RabbitMq, null, limit, new Lease(owner, TimeSpan.FromMinutes(10))) { Parts = parts ?? AllParts }, Cancellation);
}
