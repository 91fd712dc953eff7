namespace Reliability.Tests;

public sealed class PrefetchBudgetTests
{
    [Fact]
    public void Without_a_limit_of_bytes_the_prefetch_stays()
    {
        var budget = new PrefetchBudget(500, long.MaxValue, 1024);

        Assert.Equal(500, budget.Ask());
        Assert.False(budget.Saw(100_000_000));
        Assert.Equal(500, budget.Messages);
    }

    [Fact]
    public void Before_the_first_body_has_come_few_are_asked_for_and_all_when_they_turn_out_small()
    {
        var budget = new PrefetchBudget(500, 64 * 1024, 1024);
        Assert.Equal(64, budget.Ask());

        var changes = Enumerable.Range(0, 16).Select(_ => budget.Saw(100)).ToList();

        Assert.Equal(16, changes.FindIndex(change => change) + 1);
        Assert.Equal(500, budget.Ask());
        Assert.False(budget.Saw(100));
    }

    [Fact]
    public void Bodies_that_grow_lower_the_number()
    {
        var budget = new PrefetchBudget(500, 1_000_000, 100);
        Assert.Equal(500, budget.Ask());

        while (!budget.Saw(100_000))
            Assert.InRange(budget.Messages, 10, 500);

        Assert.InRange(budget.Ask(), 9, 11);
    }

    [Fact]
    public void One_message_is_always_asked_for()
    {
        var budget = new PrefetchBudget(500, 1000, 100);
        budget.Ask();
        budget.Saw(1_000_000);

        Assert.Equal(1, budget.Messages);
    }

    [Fact]
    public void Small_differences_change_nothing()
    {
        var budget = new PrefetchBudget(500, 100_000, 1000);
        Assert.Equal(100, budget.Ask());

        Assert.All(Enumerable.Range(0, 200), number => Assert.False(budget.Saw(number % 2 == 0 ? 800 : 1200)));
    }
}
