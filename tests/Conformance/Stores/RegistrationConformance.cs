namespace Reliability.Conformance;

/// <summary>Handlers that were renamed or removed while their messages wait.</summary>
public abstract class RegistrationConformance(IStorePlace place) : StoreConformance(place)
{
    private const string Invoicing = "Invoicing.Issue";

    [Fact]
    public async Task What_a_renamed_handler_has_handled_it_has_handled()
    {
        await CommitAsync(work => work.AddToInboxAsync([Entry("a"), Entry("a")], Cancellation));

        await RestartAsync(new ConsumerRegistration(Invoicing, [Billing]), new ConsumerRegistration(Shipping, []));

        Assert.Equal([InboxVerdict.Duplicate, InboxVerdict.New],
            await CommitAsync(work => work.AddToInboxAsync([Entry("a", consumer: Invoicing), Entry("b", consumer: Invoicing)], Cancellation)));
        Assert.Equal([new InboxCount(Invoicing, 2, 2), new InboxCount(Shipping, 0, 0)],
            (await Store.Inbox.CountAsync(Cancellation)).OrderBy(count => count.Consumer, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Messages_deferred_under_the_former_name_are_the_new_names()
    {
        await CommitAsync(work => work.DeferAsync(Deferred("a", orderKey: "k"), TimeSpan.Zero, Cancellation));

        await RestartAsync(new ConsumerRegistration(Invoicing, ["Never.Was", Billing]));

        Assert.Equal([Invoicing], (await Store.Deferral.CountAsync(Cancellation)).Select(count => count.Consumer));
        Assert.Equal(["k"], await CommitAsync(work => work.FindDeferredKeysAsync(Invoicing, ["k", "l"], Cancellation)));
        var claimed = (await Store.Deferral.ClaimAsync([Invoicing], Minute, Cancellation)).Message;
        Assert.Equal((Invoicing, "a"), (claimed?.Consumer, claimed?.DedupeKey));
    }

    [Fact]
    public async Task A_handler_can_be_renamed_by_starting_again()
    {
        await CommitAsync(work => work.AddToInboxAsync([Entry("a")], Cancellation));

        await Store.StartAsync([new ConsumerRegistration(Invoicing, [Billing])], Cancellation);

        Assert.Equal([InboxVerdict.Duplicate], await CommitAsync(work => work.AddToInboxAsync([Entry("a", consumer: Invoicing)], Cancellation)));
    }

    [Fact]
    public async Task A_second_start_under_the_new_name_changes_nothing_more()
    {
        await CommitAsync(work => work.AddToInboxAsync([Entry("a")], Cancellation));
        var registration = new ConsumerRegistration(Invoicing, [Billing]);

        await RestartAsync(registration);
        await RestartAsync(registration);

        Assert.Contains(new InboxCount(Invoicing, 1, 0), await Store.Inbox.CountAsync(Cancellation));
    }

    [Fact]
    public async Task Where_the_store_knows_the_new_name_already_the_former_keeps_its_own()
    {
        await CommitAsync(work => work.AddToInboxAsync([Entry("a")], Cancellation));
        await RestartAsync(new ConsumerRegistration(Billing, []), new ConsumerRegistration(Invoicing, []));

        await RestartAsync(new ConsumerRegistration(Invoicing, [Billing]));

        Assert.Equal([InboxVerdict.New], await CommitAsync(work => work.AddToInboxAsync([Entry("a", consumer: Invoicing)], Cancellation)));
        Assert.Contains(new InboxCount(Billing, 1, 0), await Store.Inbox.CountAsync(Cancellation));
    }

    [Fact]
    public async Task Messages_of_a_handler_that_was_removed_are_kept_and_counted_and_given_to_no_other()
    {
        await CommitAsync(work => work.DeferAsync(Deferred("a"), TimeSpan.Zero, Cancellation));
        await CommitAsync(work => work.AddToInboxAsync([Entry("b")], Cancellation));

        await RestartAsync(new ConsumerRegistration(Shipping, []));

        Assert.Equal((Billing, 1), (await Store.Deferral.CountAsync(Cancellation)).Select(count => (count.Consumer, count.Messages)).Single());
        Assert.Contains(new InboxCount(Billing, 1, 0), await Store.Inbox.CountAsync(Cancellation));
        Assert.Equal(default, await Store.Deferral.ClaimAsync([Shipping], Minute, Cancellation));

        await RestartAsync(new ConsumerRegistration(Billing, []), new ConsumerRegistration(Shipping, []));
        Assert.Equal("a", (await Store.Deferral.ClaimAsync([Billing], Minute, Cancellation)).Message?.DedupeKey);
    }
}
