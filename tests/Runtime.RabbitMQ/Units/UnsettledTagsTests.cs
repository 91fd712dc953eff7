namespace Reliability.Tests;

public sealed class UnsettledTagsTests
{
    private readonly UnsettledTags _tags = new();

    [Fact]
    public void A_whole_run_is_settled_together()
    {
        Open(1, 2, 3);

        Assert.Equal((3UL, ""), Take(1, 2, 3));
    }

    [Fact]
    public void What_lies_above_an_unfinished_one_is_settled_singly()
    {
        Open(1, 2, 3, 4, 5);

        Assert.Equal((1UL, "3 4"), Take(4, 1, 3));
        Assert.Equal((2UL, "5"), (Take(2).Together, Take(5).Together == 5 ? "5" : ""));
    }

    [Fact]
    public void Together_is_never_a_tag_that_was_settled_before()
    {
        Open(1, 2, 3);
        Take(3);

        // Not 3, although everything up to it is done now: the broker has forgotten it, and would close the channel.
        Assert.Equal((2UL, ""), Take(1, 2));
    }

    [Fact]
    public void What_is_not_open_is_passed_over()
    {
        Open(1);
        Take(1);

        Assert.Equal((0UL, ""), Take(1, 7));
        Assert.Equal((0UL, ""), Take());
    }

    [Fact]
    public void Random_settling_settles_each_tag_exactly_once_and_never_an_unfinished_one()
    {
        var random = new Random(7);
        var open = new SortedSet<ulong>();
        ulong next = 1;
        for (var step = 0; step < 5000; step++)
        {
            if (open.Count < 50 && random.Next(3) > 0)
            {
                _tags.Add(next);
                open.Add(next++);
                continue;
            }

            var done = open.Where(_ => random.Next(4) == 0).ToList();
            var expected = open.Except(done).ToHashSet();
            var single = new List<ulong>();
            var together = _tags.Take(done, single);

            // What the broker does with it.
            Assert.True(together == 0 || open.Contains(together));
            open.RemoveWhere(tag => tag <= together);
            Assert.All(single, tag => Assert.True(open.Remove(tag)));
            Assert.Equal(expected, open);
            Assert.Equal(open.Count, _tags.Count);
        }
    }

    [Fact]
    public void What_is_done_above_an_unfinished_one_is_settled_together_with_it()
    {
        Open(1, 2, 3, 4, 5);

        Assert.Equal((0UL, true), Finish(3, 4));
        Assert.Equal((1UL, true), Finish(1));
        Assert.Equal((4UL, false), Finish(2));
        Assert.Equal(1, _tags.Count);
    }

    [Fact]
    public void What_waits_for_an_unfinished_one_can_be_taken_singly()
    {
        Open(1, 2, 3, 4);
        Finish(2, 4);

        Assert.Equal([2UL, 4UL], _tags.TakeDone());
        Assert.Empty(_tags.TakeDone());
        // 2 and 4 are settled: together is never one of them.
        Assert.Equal((3UL, false), Finish(1, 3));
        Assert.Equal(0, _tags.Count);
    }

    [Fact]
    public void Random_finishing_settles_each_tag_exactly_once_and_never_an_unfinished_one()
    {
        var random = new Random(11);
        var unfinished = new SortedSet<ulong>();
        var unsettled = new SortedSet<ulong>();
        ulong next = 1;
        for (var step = 0; step < 20_000; step++)
        {
            if (unfinished.Count < 1500 && random.Next(3) > 0)
            {
                _tags.Add(next);
                unfinished.Add(next);
                unsettled.Add(next++);
                continue;
            }

            var done = unfinished.Where(_ => random.Next(20) == 0).ToList();
            unfinished.ExceptWith(done);
            var (together, waiting) = Finish([.. done]);

            // What the broker does with it.
            Assert.True(together == 0 || unsettled.Contains(together));
            Assert.DoesNotContain(unfinished, tag => tag <= together);
            unsettled.RemoveWhere(tag => tag <= together);
            Assert.Equal(unsettled.Count > unfinished.Count, waiting);
            if (random.Next(10) == 0)
                Assert.All(_tags.TakeDone(), tag => Assert.True(unsettled.Remove(tag) && !unfinished.Contains(tag)));

            Assert.Equal(unsettled.Count, _tags.Count);
        }
    }

    private (ulong Together, bool Waiting) Finish(params ulong[] tags) => (_tags.Finish(tags, out var waiting), waiting);

    private void Open(params ulong[] tags)
    {
        foreach (var tag in tags)
            _tags.Add(tag);
    }

    private (ulong Together, string Single) Take(params ulong[] tags)
    {
        var single = new List<ulong>();
        var together = _tags.Take(tags, single);
        return (together, string.Join(' ', single));
    }
}
