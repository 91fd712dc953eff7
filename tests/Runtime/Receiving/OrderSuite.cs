using System.Collections.Concurrent;

namespace Reliability.Tests.Receiving;

/// <summary>Messages of one order key take effect in the order received, whatever fails meanwhile.</summary>
public abstract class OrderSuite
{
    private const int Keys = 8;
    private const int PerKey = 25;
    private readonly Func<TestPlace> _open;

    private protected OrderSuite(Func<TestPlace> open) => _open = open;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(4, 7)]
    [InlineData(4, 2)]
    public async Task The_order_of_each_key_is_kept_through_failures_and_retries(int lanes, int everyNthFails)
    {
        await using var place = _open();
        await using var application = await Application(place, lanes, everyNthFails, new()).StartAsync();

        await PublishAsync(application);

        await AssertInOrderAsync(application);
    }

    [Fact]
    public async Task The_order_of_each_key_is_kept_where_another_key_fails_for_long()
    {
        await using var place = _open();
        var fail = true;
        await using var application = await new TestApplication(place).Handle((paid, context) =>
        {
            context.Effect(paid.Order);
            return paid.Customer == "0" && Volatile.Read(ref fail) ? throw new InvalidOperationException("not yet") : ValueTask.CompletedTask;
        }, handler => handler with { Attempts = 1000 }, ordered: true).StartAsync();

        await PublishAsync(application);
        await application.EffectsAsync((Keys - 1) * PerKey);
        Assert.DoesNotContain(await application.EffectsAsync(), effect => effect.StartsWith("0/", StringComparison.Ordinal));
        Volatile.Write(ref fail, false);

        await AssertInOrderAsync(application);
    }

    [Fact]
    public async Task The_order_of_each_key_is_kept_through_restarts()
    {
        await using var place = _open();
        var failed = new ConcurrentDictionary<string, bool>();
        for (var start = 0; start < 3; start++)
        {
            await using var application = await Application(place, 4, 5, failed).StartAsync();
            if (start == 0)
            {
                await PublishAsync(application);
            }

            await application.EffectsAsync(Math.Min(Keys * PerKey, (start + 1) * 40));
        }

        await using var last = await Application(place, 4, 5, failed).StartAsync();
        await AssertInOrderAsync(last);
    }

    [Fact]
    public async Task A_message_with_an_order_key_that_is_too_long_is_a_dead_letter_that_says_the_limit()
    {
        await using var place = _open();
        await using var application = await Application(place, 4, 0, new()).StartAsync();

        await application.PublishAsync(new Paid("long", new string('k', 1001)), new Paid("fits", new string('k', 1000)));

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Equal(DeadLetterReason.Rejected, letter.Reason);
        Assert.Contains("The order key has 1,001 characters; 1,000 are allowed", letter.Error, StringComparison.Ordinal);
        Assert.Equal(["fits"], await application.EffectsAsync(1));
    }

    internal static TestApplication Application(TestPlace place, int lanes, int everyNthFails, ConcurrentDictionary<string, bool> failed) => new TestApplication(place)
        .With(reliability => reliability.Configure(options => options.Lanes = lanes))
        .Handle(async (paid, context) =>
        {
            context.Effect(paid.Order);
            await Task.Yield();
            // Each of them fails once in its group, once alone and once from deferral.
            if (everyNthFails > 0 && paid.Amount % everyNthFails == 0 && (failed.TryAdd(paid.Order, true) || failed.TryAdd($"{paid.Order} alone", true) || failed.TryAdd($"{paid.Order} deferred", true)))
            {
                throw new InvalidOperationException("once more");
            }
        }, handler => handler with { Attempts = 1000 }, ordered: true);

    internal static async Task PublishAsync(TestApplication application)
    {
        foreach (var batch in Enumerable.Range(0, Keys * PerKey).Chunk(20))
        {
            await application.PublishAsync(batch.Select(number => new Paid($"{number % Keys}/{number / Keys}", $"{number % Keys}", number)));
        }
    }

    internal static async Task AssertInOrderAsync(TestApplication application)
    {
        await application.EffectsAsync(Keys * PerKey);
        await application.SettledAsync();
        var effects = await application.EffectsAsync();
        Assert.Equal(Keys * PerKey, effects.Count);
        foreach (var key in effects.GroupBy(effect => effect[..effect.IndexOf('/', StringComparison.Ordinal)]))
        {
            Assert.Equal(Enumerable.Range(0, PerKey).Select(number => $"{key.Key}/{number}"), key);
        }
    }
}
