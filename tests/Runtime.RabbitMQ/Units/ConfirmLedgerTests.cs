namespace Reliability.Tests;

public sealed class ConfirmLedgerTests
{
    private readonly ConfirmLedger _ledger = new();

    [Fact]
    public async Task One_answer_may_be_for_all_up_to_it()
    {
        var sent = Add(3000);

        _ledger.Answer(2000, multiple: true, PublishOutcome.Confirmed);

        Assert.Equal(2000, sent.Count(pending => pending.IsDone));
        Assert.Equal(PublishOutcome.Confirmed, await sent[1999].Outcome);
        Assert.False(sent[2000].IsDone);
    }

    [Fact]
    public async Task Answers_may_come_out_of_order()
    {
        var sent = Add(3);

        _ledger.Answer(3, multiple: false, PublishOutcome.Failed("third"));
        _ledger.Answer(1, multiple: false, PublishOutcome.Confirmed);
        _ledger.Answer(2, multiple: true, PublishOutcome.Confirmed);

        Assert.Equal([PublishOutcome.Confirmed, PublishOutcome.Confirmed, PublishOutcome.Failed("third")], await Task.WhenAll(sent.Select(pending => pending.Outcome)));
    }

    [Fact]
    public async Task A_confirm_after_a_return_is_a_failure()
    {
        var sent = Add(2);

        _ledger.Return(sent[0].Route, "m0", bodyLength: 0, "returned");
        _ledger.Answer(2, multiple: true, PublishOutcome.Confirmed);

        Assert.Equal([PublishOutcome.Failed("returned"), PublishOutcome.Confirmed], await Task.WhenAll(sent.Select(pending => pending.Outcome)));
    }

    [Fact]
    public async Task A_number_taken_back_goes_to_the_next()
    {
        var first = Add(1)[0];
        _ledger.TakeBackNewest();
        var second = Add(1)[0];

        _ledger.Answer(1, multiple: false, PublishOutcome.Confirmed);

        Assert.Equal(PublishOutcome.Confirmed, await second.Outcome);
        Assert.False(first.IsDone);
    }

    [Fact]
    public async Task Only_what_is_old_enough_expires_and_its_late_answer_finds_nobody()
    {
        var old = Add(2, began: 10);
        var young = Add(1, began: 30)[0];

        _ledger.Expire(20, PublishOutcome.Failed("late"));
        _ledger.Answer(3, multiple: true, PublishOutcome.Confirmed);

        Assert.All(await Task.WhenAll(old.Select(pending => pending.Outcome)), outcome => Assert.Equal(PublishOutcome.Failed("late"), outcome));
        Assert.Equal(PublishOutcome.Confirmed, await young.Outcome);
    }

    [Fact]
    public void A_closed_ledger_gives_what_is_open_once_and_takes_nothing_more()
    {
        var sent = Add(3);
        _ledger.Answer(2, multiple: false, PublishOutcome.Confirmed);

        Assert.Equal([sent[0], sent[2]], _ledger.Close());
        Assert.Empty(_ledger.Close());
        Assert.False(_ledger.TryAdd(sent[0]));
    }

    [Fact]
    public void Answers_to_numbers_that_were_never_given_are_passed_over()
    {
        var sent = Add(1)[0];

        _ledger.Answer(0, multiple: true, PublishOutcome.Confirmed);
        _ledger.Answer(2, multiple: true, PublishOutcome.Confirmed);

        Assert.False(sent.IsDone);
    }

    private List<PendingPublish> Add(int count, long began = 0)
    {
        var added = Enumerable.Range(0, count)
            .Select(number => new PendingPublish(new RabbitMqRoute("", "queue"), new Envelope { MessageId = $"m{number}", Body = default }, began)).ToList();
        Assert.All(added, pending => Assert.True(_ledger.TryAdd(pending)));
        return added;
    }
}
