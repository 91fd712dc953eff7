using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Reliability.Tests.Receiving;

/// <summary>What shares a transaction, and what it costs when nothing waits.</summary>
public abstract class GroupSuite
{
    private readonly Func<TestPlace> _open;

    private protected GroupSuite(Func<TestPlace> open) => _open = open;

    [Fact]
    public async Task Many_messages_share_a_transaction()
    {
        await using var place = _open();
        var groups = new ConcurrentDictionary<IUnitOfWork, int>();
        await using var application = await Counting(place, groups, TimeSpan.Zero).StartAsync();

        await application.PublishAsync(Enumerable.Range(0, 300).Select(number => new Paid($"{number}")));
        await application.EffectsAsync(300);
        await application.SettledAsync();

        Assert.Equal(300, groups.Values.Sum());
        Assert.InRange(groups.Count, 3, 60);
        Assert.InRange(groups.Values.Max(), 17, 100);
    }

    [Fact]
    public async Task Slow_handlers_shrink_their_groups()
    {
        await using var place = _open();
        var groups = new ConcurrentDictionary<IUnitOfWork, int>();
        await using var application = await Counting(place, groups, TimeSpan.FromMilliseconds(50)).StartAsync();

        await application.PublishAsync(Enumerable.Range(0, 60).Select(number => new Paid($"{number}")));
        await application.EffectsAsync(60);

        Assert.True(groups.Values.All(size => size <= 5), string.Join(", ", groups.Values));
    }

    [Fact]
    public async Task A_handler_with_a_group_of_one_shares_no_transaction()
    {
        await using var place = _open();
        var groups = new ConcurrentDictionary<IUnitOfWork, int>();
        await using var application = await Counting(place, groups, TimeSpan.Zero, group: 1).StartAsync();

        await application.PublishAsync(Enumerable.Range(0, 50).Select(number => new Paid($"{number}")));
        await application.EffectsAsync(50);

        Assert.All(groups.Values, size => Assert.Equal(1, size));
    }

    [Fact]
    public async Task A_group_that_fails_keeps_no_half_of_any_message()
    {
        await using var place = _open();
        await using var application = await new TestApplication(place).Handle((paid, context) =>
        {
            context.Effect($"{paid.Order} first");
            if (paid.Amount % 10 == 3 && context.Message.Attempt == 1)
            {
                throw new InvalidOperationException("not yet");
            }

            context.Effect($"{paid.Order} second");
            return ValueTask.CompletedTask;
        }).StartAsync();

        await application.PublishAsync(Enumerable.Range(0, 100).Select(number => new Paid($"{number}", Amount: number)));
        await application.EffectsAsync(200);
        await application.SettledAsync();

        Assert.Equal(
            Enumerable.Range(0, 100).SelectMany(number => new[] { $"{number} first", $"{number} second" }).Order(StringComparer.Ordinal),
            (await application.EffectsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_run_has_a_scope_of_its_own_that_ends_with_it()
    {
        await using var place = _open();
        var scoped = new ConcurrentBag<Scoped>();
        await using var application = await new TestApplication(place).With(reliability => reliability.Services.AddScoped<Scoped>()).Handle((paid, context) =>
        {
            var service = context.Services.GetRequiredService<Scoped>();
            Assert.Same(service, context.Services.GetRequiredService<Scoped>());
            scoped.Add(service);
            context.Effect(paid.Order);
            return ValueTask.CompletedTask;
        }).StartAsync();

        await application.PublishAsync(Enumerable.Range(0, 20).Select(number => new Paid($"{number}")));
        await application.EffectsAsync(20);

        Assert.Equal(20, scoped.Distinct().Count());
        await Eventually.GetAsync(() => Task.FromResult(scoped.Count(service => service.IsDisposed)), count => count == 20);
    }

    private static TestApplication Counting(TestPlace place, ConcurrentDictionary<IUnitOfWork, int> groups, TimeSpan takes, int group = 100) => new TestApplication(place)
        .Handle(async (paid, context) =>
        {
            groups.AddOrUpdate(context.Work, 1, (_, count) => count + 1);
            context.Effect(paid.Order);
            if (takes > TimeSpan.Zero)
            {
                await Task.Delay(takes, context.CancellationToken);
            }
        }, handler => handler with { Group = group });

    private sealed class Scoped : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
