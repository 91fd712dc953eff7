using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Reliability.Tests.Receiving;

/// <summary>Handlers that know a record by its place in the log: once handled, kept or dead, it is never taken again, and nothing that was not taken is dropped.</summary>
public abstract class PositionSuite
{
    private const string Consumer = "Test.Paid";

    private readonly Func<TestPlace> _open;

    private protected PositionSuite(Func<TestPlace> open) => _open = open;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_that_come_again_after_a_process_ended_before_it_settled_are_handled_once_and_the_rest_after_them()
    {
        await using var place = _open();
        var log = new LogTransport { NotesSettled = false };
        log.Write(Many(0, 250));
        await using (var first = await Application(place, log).StartAsync())
        {
            Assert.Equal(Names(0, 250), await first.EffectsAsync(250));
        }

        log.Write(Many(250, 10));
        await using var second = await Application(place, log).StartAsync();

        Assert.Equal(Names(0, 260), await second.EffectsAsync(260));
        Assert.Equal(new InboxCount(Consumer, 0, 250), Assert.Single(await second.Store.Inbox.CountAsync(Cancellation)));
        Assert.Equal([new LogPosition("first log/0", 259)], await second.Store.Positions.ReadAsync(Consumer, "paid", Cancellation));
    }

    [Fact]
    public async Task Records_that_may_have_ended_a_process_run_alone_and_once_and_those_that_were_taken_not_at_all()
    {
        await using var place = _open();
        var log = new LogTransport { NotesSettled = false };
        log.Write(Many(0, 5));
        await using (var first = await Application(place, log).StartAsync())
        {
            await first.EffectsAsync(5);
        }

        log.MayHaveBegun = _ => true;
        log.Write(Many(5, 5));
        await using (var second = await Application(place, log).StartAsync())
        {
            await second.EffectsAsync(10);
            await second.SettledAsync();
        }

        await using var third = await Application(place, log).StartAsync();
        await DuplicatesAsync(third, 5 + 10);
        Assert.Equal(Names(0, 10).Order(StringComparer.Ordinal), (await third.EffectsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Records_that_may_have_ended_a_process_overtake_none_that_lie_before_them()
    {
        await using var place = _open();
        var log = new LogTransport { MayHaveBegun = offset => offset % 10 >= 5 };
        log.Write(Many(0, 100));

        await using var application = await Application(place, log).StartAsync();

        await application.EffectsAsync(100);
        await application.SettledAsync();
        Assert.Equal(Names(0, 100).Order(StringComparer.Ordinal), (await application.EffectsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_record_whose_handler_fails_is_retried_from_the_store_and_its_redelivery_is_dropped()
    {
        await using var place = _open();
        var log = new LogTransport { NotesSettled = false };
        log.Write(Many(0, 3));
        var failing = true;
        await using (var first = await Application(place, log, paid => Failing(paid, "order 1", () => failing), attempts: 100).StartAsync())
        {
            await first.EffectsAsync(2);
            await Eventually.GetAsync(async () => await first.Store.CountDeferredAsync(Cancellation), count => count == 1);
        }

        await using var second = await Application(place, log, paid => Failing(paid, "order 1", () => failing), attempts: 100).StartAsync();
        await DuplicatesAsync(second, 3);
        Assert.Equal(1, await second.Store.CountDeferredAsync(Cancellation));
        failing = false;

        Assert.Equal(["order 0", "order 2", "order 1"], await second.EffectsAsync(3));
        await second.SettledAsync();
    }

    [Fact]
    public async Task A_record_that_is_dead_is_not_kept_again_when_it_is_redelivered_and_can_be_replayed()
    {
        await using var place = _open();
        var log = new LogTransport { NotesSettled = false };
        log.Write(Many(0, 2));
        log.Write("{ no JSON");
        log.Write(Many(2, 1));
        var failing = true;
        await using (var first = await Application(place, log, paid => Failing(paid, "order 1", () => failing), attempts: 1).StartAsync())
        {
            Assert.Equal([DeadLetterReason.AttemptsExhausted, DeadLetterReason.Undecodable], (await first.DeadLettersAsync(2)).Select(letter => letter.Reason).Order());
        }

        await using var second = await Application(place, log, paid => Failing(paid, "order 1", () => failing), attempts: 1).StartAsync();
        await DuplicatesAsync(second, 4);
        var letter = Assert.Single(await second.DeadLettersAsync(2), letter => letter.Reason == DeadLetterReason.AttemptsExhausted);
        failing = false;
        await second.Services.GetRequiredService<IDeadLetters>().ReplayAsync(letter.Id, new DeadLetterReplay { By = "anna" }, Cancellation);

        Assert.Equal(["order 0", "order 2", "order 1"], await second.EffectsAsync(3));
    }

    [Fact]
    public async Task Records_of_a_log_made_anew_are_handled_from_its_first_on()
    {
        await using var place = _open();
        var log = new LogTransport();
        log.Write(Many(0, 20));
        await using (var first = await Application(place, log).StartAsync())
        {
            await first.EffectsAsync(20);
        }

        log.MakeAnew();
        log.Write(Many(100, 5));
        await using var second = await Application(place, log).StartAsync();

        Assert.Equal([.. Names(0, 20), .. Names(100, 5)], await second.EffectsAsync(25));
    }

    [Fact]
    public async Task With_several_lanes_and_failures_no_record_is_overtaken_by_the_position()
    {
        await using var place = _open();
        var log = new LogTransport { NotesSettled = false };
        log.Write(Many(0, 400));
        var failed = new ConcurrentDictionary<string, bool>();
        await using (var first = await Application(place, log, Once).StartAsync())
        {
            await first.EffectsAsync(400);
            await first.SettledAsync();
        }

        await using var second = await Application(place, log, Once).StartAsync();
        await DuplicatesAsync(second, 400);
        Assert.Equal(Names(0, 400).Order(StringComparer.Ordinal), (await second.EffectsAsync()).Order(StringComparer.Ordinal));

        // Every seventh fails once.
        void Once(Paid paid)
        {
            if (int.Parse(paid.Order.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) % 7 == 0 && failed.TryAdd(paid.Order, true))
            {
                throw new InvalidOperationException("not yet");
            }
        }
    }

    [Fact]
    public async Task A_transport_without_positions_is_refused_at_the_start()
    {
        await using var place = _open();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Application(place, new LogTransport { GivesPositions = false }).StartAsync());

        Assert.Contains($"{Consumer} on log 'paid' dedupes by offset (DedupeByOffset), but the messages of log have none", error.Message, StringComparison.Ordinal);
    }

    private static TestApplication Application(TestPlace place, LogTransport log, Action<Paid>? before = null, int attempts = 5) => new TestApplication(place).With(reliability =>
    {
        reliability.Services.AddSingleton<ITransport>(log);
        reliability.AddHandler(new HandlerDescriptor(Consumer, log.Name, "paid", new DelegateHandler<Paid>(TestJson.Default.Paid, (paid, context) =>
        {
            before?.Invoke(paid);
            context.Effect(paid.Order);
            return ValueTask.CompletedTask;
        }))
        { DedupeByOffset = true, Attempts = attempts });
    });

    private static void Failing(Paid paid, string order, Func<bool> failing)
    {
        if (paid.Order == order && failing())
        {
            throw new InvalidOperationException("not yet");
        }
    }

    private static Task DuplicatesAsync(TestApplication application, int count) => Eventually.GetAsync(
        async () => (await application.Store.Inbox.CountAsync(Cancellation)).Single().Duplicates, duplicates => duplicates == count);

    private static IEnumerable<Paid> Many(int from, int count) => Names(from, count).Select(name => new Paid(name));

    private static List<string> Names(int from, int count) => [.. Enumerable.Range(from, count).Select(number => $"order {number}")];
}
