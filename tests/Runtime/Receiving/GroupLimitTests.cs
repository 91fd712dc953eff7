namespace Reliability.Tests.Receiving;

public sealed class GroupLimitTests
{
    private readonly GroupLimit _limit = new(100, TimeSpan.FromMilliseconds(250));

    [Fact]
    public void Fast_handlers_get_full_groups()
    {
        for (var group = 0; group < 8; group++)
        {
            _limit.Observe(_limit.Current, TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(100, _limit.Current);
    }

    [Fact]
    public void Slow_handlers_shrink_their_groups_at_once()
    {
        _limit.Observe(4, TimeSpan.FromMilliseconds(4));
        _limit.Observe(8, TimeSpan.FromMilliseconds(8));
        Assert.Equal(16, _limit.Current);

        _limit.Observe(16, TimeSpan.FromMilliseconds(16 * 99));

        Assert.Equal(5, _limit.Current);
    }

    [Fact]
    public void A_handler_slower_than_the_groups_time_runs_alone_but_runs()
    {
        _limit.Observe(1, TimeSpan.FromSeconds(30));

        Assert.Equal(1, _limit.Current);
    }

    [Fact]
    public void Groups_grow_again_when_handlers_are_fast_again()
    {
        _limit.Observe(1, TimeSpan.FromSeconds(1));
        var sizes = new List<int>();
        for (var group = 0; group < 20; group++)
        {
            _limit.Observe(_limit.Current, TimeSpan.FromMilliseconds(0.1 * _limit.Current));
            sizes.Add(_limit.Current);
        }

        Assert.Equal(100, sizes[^1]);
        Assert.Equal(sizes.Order(), sizes);
    }

    [Fact]
    public void Groups_without_a_handler_run_grow_only_so_far_before_a_handler_was_timed()
    {
        for (var group = 0; group < 20; group++)
        {
            _limit.Observe(0, TimeSpan.FromSeconds(5));
        }

        Assert.Equal(32, _limit.Current);
    }

    [Fact]
    public void A_group_without_a_handler_run_teaches_nothing_once_a_handler_was_timed()
    {
        _limit.Observe(4, TimeSpan.FromMilliseconds(4 * 50));
        var before = _limit.Current;

        _limit.Observe(0, TimeSpan.Zero);

        Assert.Equal(before, _limit.Current);
    }

    [Fact]
    public void Until_a_handler_was_timed_another_lane_is_worth_beginning_for_one_message() => Assert.Equal(1, _limit.WorthALane);

    [Theory]
    [InlineData(0.1, 100)]
    [InlineData(1, 25)]
    [InlineData(60, 1)]
    public void Another_lane_is_worth_beginning_for_as_much_work_as_a_message_may_wait(double milliseconds, int worth)
    {
        for (var group = 0; group < 8; group++)
        {
            _limit.Observe(_limit.Current, TimeSpan.FromMilliseconds(milliseconds) * _limit.Current);
        }

        Assert.Equal(worth, _limit.WorthALane);
    }

    [Fact]
    public void A_limit_of_one_stays_one()
    {
        var limit = new GroupLimit(1, TimeSpan.FromSeconds(1));

        limit.Observe(1, TimeSpan.FromMilliseconds(0.01));

        Assert.Equal(1, limit.Current);
    }

    [Fact]
    public void A_handler_too_quick_to_measure_gets_full_groups()
    {
        for (var group = 0; group < 8; group++)
        {
            _limit.Observe(_limit.Current, TimeSpan.Zero);
        }

        Assert.Equal(100, _limit.Current);
    }
}
