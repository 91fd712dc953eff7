using System.Collections.Concurrent;

namespace Reliability.Conformance;

/// <summary>Several processes of one service on one database.</summary>
public abstract class SharedStoreConformance(ISharedStorePlace place) : StoreConformance(place)
{

    [Fact]
    public void A_store_that_several_processes_use_says_that_it_is_not_exclusive() => Assert.False(Store.IsExclusive);

    [Fact]
    public async Task A_second_process_starts_beside_the_first_and_ends_no_lease_of_it()
    {
        await CommitAsync(work => work.AddToOutboxAsync([Row("held")], Minute, Cancellation));
        await using var other = await StartOtherAsync();

        Assert.Empty(await ClaimAsync(other, "relay-2", 10, null));
        Assert.Equal(1, await other.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task Processes_that_start_at_the_same_time_all_start()
    {
        var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(StartOtherAsync, Cancellation)));
        foreach (var other in others)
        {
            Assert.Equal(0, await other.CountOutboxAsync(Cancellation));
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task Two_processes_never_claim_the_same_row_and_leave_none()
    {
        await CommitAsync(work => work.AddToOutboxAsync([.. Enumerable.Range(0, 300).Select(i => Row("m-" + i))], null, Cancellation));
        await using var other = await StartOtherAsync();

        var claimed = await Task.WhenAll(new[] { Store, other, Store, other }.Select((store, number) => Task.Run(async () =>
        {
            var mine = new List<string>();
            while (await ClaimAsync(store, "relay-" + number, 7, null) is { Count: > 0 } rows)
                mine.AddRange(rows.Select(row => row.Envelope.MessageId));

            return mine;
        }, Cancellation)));

        var all = claimed.SelectMany(mine => mine).ToList();
        Assert.Equal((300, 300), (all.Count, all.Distinct().Count()));
    }

    [Fact]
    public async Task Of_deliveries_of_one_operation_to_two_processes_exactly_one_takes_effect()
    {
        await using var other = await StartOtherAsync();

        for (var round = 0; round < 10; round++)
        {
            var key = "order-" + round;
            var verdicts = await Task.WhenAll(new[] { Store, other, Store, other }.Select(store => Task.Run(() => store.CommitAsync(async work =>
            {
                var verdict = (await work.AddToInboxAsync([Entry(key)], Cancellation))[0];
                if (verdict == InboxVerdict.New)
                    await AddEffectAsync(work, key);

                return verdict;
            }, Cancellation), Cancellation)));
            Assert.Single(verdicts, InboxVerdict.New);
        }

        Assert.Equal(10, await CountEffectsAsync());
    }

    [Fact]
    public async Task Two_processes_that_share_the_parts_by_lease_keep_every_keys_order()
    {
        await CommitAsync(work => work.AddToOutboxAsync(
            [.. from number in Enumerable.Range(0, 15) from key in Enumerable.Range(0, 16) select Row($"{key}/{number:00}", orderKey: $"key-{key}")], null, Cancellation));
        await using var other = await StartOtherAsync();

        var sent = new ConcurrentQueue<string>();
        await Task.WhenAll(
            Task.Run(() => RelayAsync(Store, "relay-1", sent), Cancellation),
            Task.Run(() => RelayAsync(other, "relay-2", sent), Cancellation));

        Assert.Equal((240, 240), (sent.Count, sent.Distinct().Count()));
        Assert.All(sent.GroupBy(id => id.Split('/')[0]), key => Assert.Equal(key.Order(StringComparer.Ordinal), key));
    }

    [Fact]
    public async Task Two_processes_share_a_duty()
    {
        await using var other = await StartOtherAsync();
        await Store.Leases.ShareAsync("relay", 64, Minute, Cancellation);
        var theirs = new Lease("relay-2", TimeSpan.FromMinutes(1));
        Assert.Empty((await other.Leases.ShareAsync("relay", 64, theirs, Cancellation)).Parts);

        await Store.Leases.LeaveAsync("relay", Relay, Cancellation);

        Assert.Equal(64, (await other.Leases.ShareAsync("relay", 64, theirs, Cancellation)).Parts.Count);
    }

    [Fact]
    public async Task Two_processes_never_claim_the_same_deferred_message_and_keep_its_keys_order()
    {
        await CommitAsync(async work =>
        {
            for (var i = 0; i < 60; i++)
                await work.DeferAsync(Deferred($"{i:00}", orderKey: "key-" + (i % 6)), TimeSpan.Zero, Cancellation);
        });
        await using var other = await StartOtherAsync();

        var handled = new ConcurrentQueue<(string Key, string Message)>();
        await Task.WhenAll(new[] { Store, other }.Select((store, number) => Task.Run(async () =>
        {
            for (var idle = 0; idle < 20;)
            {
                var claim = await store.Deferral.ClaimAsync([Billing], new Lease("process-" + number, TimeSpan.FromMinutes(1)), Cancellation);
                idle = claim.Message is null ? idle + 1 : 0;
                if (claim.Message is { } message)
                {
                    handled.Enqueue((message.OrderKey!, message.DedupeKey));
                    await store.CommitAsync(work => work.RemoveDeferredAsync(message.Id, Cancellation), Cancellation);
                }
                else if (await store.CountDeferredAsync(Cancellation) > 0)
                {
                    idle = 0;
                }
            }
        }, Cancellation)));

        Assert.Equal((60, 60), (handled.Count, handled.Distinct().Count()));
        Assert.All(handled.GroupBy(item => item.Key, item => item.Message), key => Assert.Equal(key.Order(StringComparer.Ordinal), key));
    }

    [Fact]
    public async Task Retention_in_two_processes_at_once_forgets_each_entry_once()
    {
        await CommitAsync(work => work.AddToInboxAsync([.. Enumerable.Range(0, 200).Select(i => Entry("order-" + i))], Cancellation));
        Time.Advance(TimeSpan.FromDays(1));
        await using var other = await StartOtherAsync();

        var forgotten = 0;
        for (var round = 0; round < 60 && forgotten < 200; round++)
        {
            forgotten += (await Task.WhenAll(new[] { Store, other }.Select(store =>
                Task.Run(async () => await store.Inbox.ForgetAsync(Billing, TimeSpan.FromHours(1), 20, Cancellation), Cancellation)))).Sum();
        }

        Assert.Equal(200, forgotten);
        Assert.Contains(new InboxCount(Billing, 0, 0), await Store.Inbox.CountAsync(Cancellation));
    }

    [Fact]
    public async Task Rows_that_another_process_committed_free_are_told_of()
    {
        await using var other = await StartOtherAsync();
        var told = new TaskCompletionSource<OutboxNews>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listening = Store.Listen(news => told.TrySetResult(news));

        // News may be lost while the listening connection is made: what is claimed by time goes on, and so does this.
        for (var i = 0; i < 300 && !told.Task.IsCompleted; i++)
        {
            await other.CommitAsync(work => work.AddToOutboxAsync([Row("m-" + i)], null, Cancellation), Cancellation);
            await Task.WhenAny(told.Task, Task.Delay(100, Cancellation));
        }

        Assert.Equal(TransportNames.RabbitMq, (await told.Task.WaitAsync(TimeSpan.FromSeconds(1), Cancellation)).Transport);
    }

    private async Task RelayAsync(IMessageStore store, string owner, ConcurrentQueue<string> sent)
    {
        var lease = new Lease(owner, TimeSpan.FromHours(1));
        for (var idle = 0; idle < 40;)
        {
            var share = await store.Leases.ShareAsync("relay", OutboxRow.Parts, lease, Cancellation);
            await store.Leases.ReturnAsync("relay", [.. share.Parts.Skip(share.Fair)], owner, Cancellation);
            var rows = await ClaimAsync(store, owner, 9, [.. share.Parts.Take(share.Fair)]);
            idle = rows.Count == 0 ? idle + 1 : 0;
            foreach (var row in rows)
            {
                sent.Enqueue(row.Envelope.MessageId);
                await store.Outbox.RemoveAsync([row.Id], audit: false, Cancellation);
            }

            if (rows.Count == 0 && await store.CountOutboxAsync(Cancellation) > 0)
                idle = 0;
        }

        await store.Leases.LeaveAsync("relay", owner, Cancellation);
    }

    private static async Task<IReadOnlyList<OutboxRow>> ClaimAsync(IMessageStore store, string owner, int limit, int[]? parts) => await store.Outbox.ClaimAsync(
        new OutboxClaim(TransportNames.RabbitMq, null, limit, new Lease(owner, TimeSpan.FromHours(1))) { Parts = parts }, Cancellation);

    private async Task<IMessageStore> StartOtherAsync()
    {
        var other = await Place.OpenAsync(Time);
        await other.StartAsync([Billing, Shipping], Cancellation);
        return other;
    }
}
