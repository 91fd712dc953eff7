namespace Reliability.Conformance;

/// <summary>Who has which part of a duty, and for how long.</summary>
public abstract class LeaseConformance(IStorePlace place) : StoreConformance(place)
{
    private const string Duty = "relay/rabbitmq";

    [Fact]
    public async Task Whoever_is_alone_takes_every_part()
    {
        var share = await ShareAsync("one", parts: 5);

        Assert.Equal([0, 1, 2, 3, 4], share.Parts);
        Assert.Equal(5, share.Fair);
    }

    [Fact]
    public async Task A_newcomer_waits_for_what_the_first_gives_back()
    {
        await ShareAsync("one", parts: 5);

        var newcomer = await ShareAsync("two", parts: 5);
        Assert.Empty(newcomer.Parts);
        Assert.Equal(3, newcomer.Fair);

        var first = await ShareAsync("one", parts: 5);
        Assert.Equal([0, 1, 2, 3, 4], first.Parts);
        Assert.Equal(3, first.Fair);
        await Store.Leases.ReturnAsync(Duty, [3, 4], "one", Cancellation);

        Assert.Equal([3, 4], (await ShareAsync("two", parts: 5)).Parts);
        Assert.Equal([0, 1, 2], (await ShareAsync("one", parts: 5)).Parts);
    }

    [Fact]
    public async Task Three_share_all_parts_between_them()
    {
        string[] owners = ["one", "two", "three"];
        foreach (var owner in owners)
            await ShareAsync(owner);

        foreach (var owner in owners)
        {
            var share = await ShareAsync(owner);
            await Store.Leases.ReturnAsync(Duty, [.. share.Parts.Skip(share.Fair)], owner, Cancellation);
        }

        var shares = new List<DutyShare>();
        foreach (var owner in owners)
            shares.Add(await ShareAsync(owner));

        Assert.Equal([22, 22, 20], shares.Select(share => share.Parts.Count));
        Assert.Equal(Enumerable.Range(0, 64), shares.SelectMany(share => share.Parts).Order());
    }

    [Fact]
    public async Task The_leases_of_a_dead_owner_end_with_their_time_and_it_counts_no_more()
    {
        await ShareAsync("dead");
        Assert.Empty((await ShareAsync("heir")).Parts);

        Time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        Assert.Empty((await ShareAsync("heir")).Parts);
        Time.Advance(TimeSpan.FromMilliseconds(1));

        var share = await ShareAsync("heir");
        Assert.Equal((64, 64), (share.Parts.Count, share.Fair));
    }

    [Fact]
    public async Task Asking_again_prolongs_what_is_held()
    {
        await ShareAsync("one");
        for (var i = 0; i < 5; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(40));
            Assert.Equal(64, (await ShareAsync("one")).Parts.Count);
        }

        Assert.Empty((await ShareAsync("two")).Parts);
    }

    [Fact]
    public async Task An_owner_that_was_late_may_have_lost_its_parts_and_is_told_what_is_left()
    {
        await ShareAsync("late");
        Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(64, (await ShareAsync("other")).Parts.Count);

        var share = await ShareAsync("late");

        Assert.Empty(share.Parts);
        Assert.Equal(32, share.Fair);
    }

    [Fact]
    public async Task Whoever_leaves_gives_all_back_at_once_and_counts_no_more()
    {
        await ShareAsync("one");
        await ShareAsync("two");

        await Store.Leases.LeaveAsync(Duty, "one", Cancellation);

        var share = await ShareAsync("two");
        Assert.Equal((64, 64), (share.Parts.Count, share.Fair));
    }

    [Fact]
    public async Task Parts_of_another_owner_cannot_be_given_back()
    {
        await ShareAsync("one", parts: 2);

        await Store.Leases.ReturnAsync(Duty, [0, 1, 7], "two", Cancellation);
        await Store.Leases.LeaveAsync(Duty, "two", Cancellation);
        await Store.Leases.ReturnAsync(Duty, [], "one", Cancellation);

        Assert.Empty((await ShareAsync("two", parts: 2)).Parts);
        Assert.Equal([0, 1], (await ShareAsync("one", parts: 2)).Parts);
    }

    [Fact]
    public async Task A_duty_of_one_part_has_one_holder_and_a_successor()
    {
        Assert.Equal([0], (await ShareAsync("one", parts: 1)).Parts);
        var waiting = await ShareAsync("two", parts: 1);
        Assert.Empty(waiting.Parts);
        Assert.Equal(1, waiting.Fair);

        await Store.Leases.LeaveAsync(Duty, "one", Cancellation);

        Assert.Equal([0], (await ShareAsync("two", parts: 1)).Parts);
    }

    [Fact]
    public async Task Duties_have_nothing_to_do_with_each_other()
    {
        await ShareAsync("one");

        var share = await Store.Leases.ShareAsync("relay/kafka", 64, new Lease("two", TimeSpan.FromMinutes(1)), Cancellation);

        Assert.Equal((64, 64), (share.Parts.Count, share.Fair));
    }

    [Fact]
    public async Task Owners_that_ask_at_the_same_time_never_hold_the_same_part()
    {
        string[] owners = [.. Enumerable.Range(0, 6).Select(i => "owner-" + i)];
        var shares = await Task.WhenAll(owners.Select(owner => Task.Run(() => ShareAsync(owner), Cancellation)));

        var all = shares.SelectMany(share => share.Parts).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal(64, all.Count);
    }

    [Fact]
    public async Task A_lease_without_end_in_sight_does_not_overflow()
    {
        await Store.Leases.ShareAsync(Duty, 2, new Lease("one", TimeSpan.MaxValue), Cancellation);

        Time.Advance(TimeSpan.FromDays(10_000));

        Assert.Empty((await ShareAsync("two", parts: 2)).Parts);
    }

    private Task<DutyShare> ShareAsync(string owner, int parts = 64) =>
        Store.Leases.ShareAsync(Duty, parts, new Lease(owner, TimeSpan.FromMinutes(1)), Cancellation).AsTask();
}
