using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Reliability.Tests.Receiving;

/// <summary>What a local queue takes into memory, and when.</summary>
public sealed class IntakeTests : IAsyncLifetime
{
    private const int Body = 10_000;
    private readonly SqliteTestPlace _place = new();
    private readonly CancellationTokenSource _stop = new();
    private ServiceProvider? _services;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IMessageStore Store => _services!.GetRequiredService<IMessageStore>();

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection().AddLogging().AddReliability(_place.Use).BuildServiceProvider();
        await Store.StartAsync([], Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _services!.DisposeAsync();
        await _place.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task No_more_bytes_are_in_hand_than_allowed_and_the_rest_follows()
    {
        await AddAsync(20);
        var intake = Intake(capacityBytes: (4 * Body) + 1);
        var running = intake.RunAsync(_stop.Token);
        var taken = new List<long>();

        while (taken.Count < 20)
        {
            var row = await intake.Rows.ReadAsync(Cancellation);
            Assert.InRange(intake.Held().Count, 1, 4);
            taken.Add(row.Id);
            await Store.Outbox.RemoveAsync([row.Id], audit: false, Cancellation);
            intake.Release([row.Id]);
        }

        Assert.Equal(taken.Order(), taken);
        await _stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_body_above_the_bound_is_taken_alone()
    {
        await AddAsync(3);
        var intake = Intake(capacityBytes: Body / 2);
        var running = intake.RunAsync(_stop.Token);

        for (var number = 0; number < 3; number++)
        {
            var row = await intake.Rows.ReadAsync(Cancellation);
            Assert.Single(intake.Held());
            await Store.Outbox.RemoveAsync([row.Id], audit: false, Cancellation);
            intake.Release([row.Id]);
        }

        await _stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Out_of_turn_nothing_is_taken_or_reserved()
    {
        await AddAsync(3);
        var turn = false;
        var intake = Intake(long.MaxValue, () => Volatile.Read(ref turn));
        var running = intake.RunAsync(_stop.Token);
        Assert.False(intake.TryReserve([new OutboxRow { Transport = TransportNames.Local, Route = "queue", Envelope = new Envelope { MessageId = "m", Body = default } }]));
        intake.Spilled();
        Assert.Empty(intake.Held());

        Volatile.Write(ref turn, true);
        intake.Wake();

        for (var number = 0; number < 3; number++)
        {
            await intake.Rows.ReadAsync(Cancellation);
        }

        await _stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task One_process_at_a_time_has_the_turn_at_an_ordered_queue_and_hands_it_over()
    {
        int begun = 0, second = 0;
        var first = Turn("a", () => Interlocked.Increment(ref begun));
        var other = Turn("b", () => Interlocked.Increment(ref second));
        using var stopFirst = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var running = first.RunAsync(TimeSpan.FromMilliseconds(20), stopFirst.Token);
        await Eventually.GetAsync(() => Task.FromResult(Volatile.Read(ref begun)), count => count == 1);
        var waiting = other.RunAsync(TimeSpan.FromMilliseconds(20), _stop.Token);
        await Task.Delay(200, Cancellation);
        Assert.Equal((true, false), (first.IsHeld, other.IsHeld));

        await stopFirst.CancelAsync();
        await running;
        await first.LeaveAsync();

        await Eventually.GetAsync(() => Task.FromResult(other.IsHeld), held => held);
        Assert.Equal((false, 1, 1), (first.IsHeld, begun, second));
        await _stop.CancelAsync();
        await waiting;
    }

    [Fact]
    public async Task The_turn_of_a_process_that_died_goes_over_after_its_own_trust_has_ended()
    {
        var first = Turn("a", () => { }, TimeSpan.FromMilliseconds(600));
        using (var died = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            var running = first.RunAsync(TimeSpan.FromMilliseconds(20), died.Token);
            await Eventually.GetAsync(() => Task.FromResult(first.IsHeld), held => held);
            await died.CancelAsync();
            await running;
        }

        var other = Turn("b", () => { }, TimeSpan.FromMilliseconds(600));
        var waiting = other.RunAsync(TimeSpan.FromMilliseconds(20), _stop.Token);

        await Eventually.GetAsync(() => Task.FromResult((Held: other.IsHeld, Both: first.IsHeld && other.IsHeld)), state =>
        {
            Assert.False(state.Both);
            return state.Held;
        });
        await _stop.CancelAsync();
        await waiting;
    }

    private OutboxIntake Intake(long capacityBytes, Func<bool>? hasTurn = null) => new(
        Store.Outbox, TransportNames.Local, "q", 400, new Lease("test", TimeSpan.FromMinutes(1)), TimeSpan.FromMilliseconds(50), TimeProvider.System, NullLogger.Instance)
    {
        CapacityBytes = capacityBytes,
        LargestBody = Body,
        HasTurn = hasTurn ?? (() => true),
    };

    private QueueTurn Turn(string owner, Action begun, TimeSpan? lease = null) => new(
        Store.Leases, "q", new Lease(owner, lease ?? TimeSpan.FromMinutes(1)), begun, TimeProvider.System, NullLogger.Instance);

    private async Task AddAsync(int count)
    {
        await using var work = await Store.BeginAsync(Cancellation);
        await work.AddToOutboxAsync([.. Enumerable.Range(0, count).Select(number => new OutboxRow
        {
            Transport = TransportNames.Local,
            Route = "q",
            Envelope = new Envelope { MessageId = $"{number}", Body = new byte[Body] },
        })], lease: null, Cancellation);
        await work.CommitAsync(Cancellation);
    }
}
