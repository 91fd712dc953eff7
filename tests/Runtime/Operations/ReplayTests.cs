using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Reliability.Tests.Operations;

public sealed class ReplayTests
{
    private static readonly DeadLetterReplay ByAnna = new() { By = "anna", Note = "mended" };
    private readonly HashSet<string> _broken = ["o1", "o2", "o3"];

    [Fact]
    public async Task A_replayed_letter_runs_its_handler_again_and_the_trail_says_who_did_it()
    {
        await using var application = await BrokenAsync("o1");
        var letter = (await application.DeadLettersAsync(1))[0];

        Mend();
        var outcome = await Letters(application).ReplayAsync(letter.Id, ByAnna, Token);

        Assert.Equal((DeadLetterResult.Replayed, "Test.Paid"), (outcome.Result, outcome.Target));
        Assert.Equal(["o1"], await application.EffectsAsync(1));
        Assert.Equal(0, await Letters(application).CountAsync(DeadLetterFilter.All, Token));
        var action = Assert.Single(await Letters(application).ListActionsAsync(cancellationToken: Token));
        Assert.Equal(
            (letter.Id, letter.Envelope.MessageId, "Test.Paid", DeadLetterActionKind.ReplayedToHandler, "anna", "mended"),
            (action.DeadLetterId, action.MessageId, action.Target, action.Kind, action.By, action.Note));
    }

    [Fact]
    public async Task A_replayed_letter_is_handled_once_however_often_it_is_delivered_again()
    {
        await using var application = await BrokenAsync("o1");
        var letter = (await application.DeadLettersAsync(1))[0];
        Mend();
        await Letters(application).ReplayAsync(letter.Id, ByAnna, Token);
        await application.EffectsAsync(1);

        await application.DeliverAsync(letter.Envelope);
        await application.SettledAsync();

        Assert.Equal(["o1"], await application.EffectsAsync());
    }

    [Fact]
    public async Task A_letter_that_fails_again_is_a_new_letter_with_attempts_of_its_own()
    {
        await using var application = await BrokenAsync("o1");
        var first = (await application.DeadLettersAsync(1))[0];

        await Letters(application).ReplayAsync(first.Id, ByAnna, Token);
        var again = await Eventually.GetAsync(() => application.DeadLettersAsync(1), letters => letters[0].Id != first.Id);

        Assert.Equal((2, DeadLetterReason.AttemptsExhausted), (again[0].Attempts, again[0].Reason));
    }

    [Fact]
    public async Task A_letter_that_is_gone_is_reported_and_nothing_is_done_twice()
    {
        await using var application = await BrokenAsync("o1");
        var letter = (await application.DeadLettersAsync(1))[0];
        Mend();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Letters(application).ReplayAsync(letter.Id, ByAnna, Token).AsTask()));

        Assert.Single(outcomes, outcome => outcome.Result == DeadLetterResult.Replayed);
        Assert.Equal(7, outcomes.Count(outcome => outcome.Result == DeadLetterResult.Gone));
        await application.EffectsAsync(1);
        await application.SettledAsync();
        Assert.Equal(["o1"], await application.EffectsAsync());
        Assert.Single(await Letters(application).ListActionsAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task A_letter_goes_back_to_the_queue_it_came_from_under_its_message_id()
    {
        await using var application = await BrokenAsync("o1");
        var letter = (await application.DeadLettersAsync(1))[0];
        Mend();

        var outcome = await Letters(application).ReplayAsync(letter.Id, ByAnna with { To = DeadLetterTarget.Route }, Token);

        Assert.Equal((DeadLetterResult.Replayed, "paid", letter.Envelope.MessageId), (outcome.Result, outcome.Target, outcome.MessageId));
        Assert.Equal(["o1"], await application.EffectsAsync(1));
        Assert.Equal(DeadLetterActionKind.ReplayedToRoute, (await Letters(application).ListActionsAsync(cancellationToken: Token))[0].Kind);
    }

    [Fact]
    public async Task An_outgoing_letter_is_sent_again_under_its_message_id_and_has_no_handler_here()
    {
        var refuses = true;
        var transport = new ScriptedTransport((_, _) => Task.FromResult(Volatile.Read(ref refuses) ? PublishOutcome.Refused("too large") : PublishOutcome.Confirmed));
        await using var application = await transport.Application().StartAsync();
        await application.PublishAsync(new Paid("o1"));
        var letter = (await application.DeadLettersAsync(1))[0];
        Assert.True(letter.IsOutgoing);

        var toHandler = await Letters(application).ReplayAsync(letter.Id, ByAnna with { To = DeadLetterTarget.Handler }, Token);
        Volatile.Write(ref refuses, false);
        var toRoute = await Letters(application).ReplayAsync(letter.Id, ByAnna, Token);

        Assert.Equal(DeadLetterResult.Refused, toHandler.Result);
        Assert.Contains("Replay it to its route", toHandler.Reason, StringComparison.Ordinal);
        Assert.Equal((DeadLetterResult.Replayed, "out"), (toRoute.Result, toRoute.Target));
        await application.SettledAsync();
        Assert.Equal([letter.Envelope.MessageId, letter.Envelope.MessageId], transport.Sent);
    }

    [Fact]
    public async Task A_letter_that_could_not_be_read_is_replayed_once_it_is_edited()
    {
        await using var application = await BrokenAsync();
        await application.DeliverAsync(new Envelope { MessageId = "m1", MessageName = "Paid", Body = "{"u8.ToArray() });
        var letter = (await application.DeadLettersAsync(1))[0];
        Mend();

        var asItIs = await Letters(application).ReplayAsync(letter.Id, ByAnna, Token);
        var edited = await Letters(application).ReplayAsync(letter.Id, ByAnna with { Edit = new DeadLetterEdit { Body = Json("o7") } }, Token);

        Assert.Equal(DeadLetterResult.Refused, asItIs.Result);
        Assert.Contains("Test.Paid cannot read it: The body is not a JSON Paid", asItIs.Reason, StringComparison.Ordinal);
        Assert.Equal(DeadLetterResult.Replayed, edited.Result);
        Assert.Equal(["o7"], await application.EffectsAsync(1));
        Assert.Equal(DeadLetterActionKind.EditedAndReplayed, (await Letters(application).ListActionsAsync(cancellationToken: Token))[0].Kind);
    }

    [Fact]
    public async Task A_header_can_be_set_and_taken_away_before_a_replay()
    {
        var seen = new List<IReadOnlyDictionary<string, string>>();
        await using var application = await new TestApplication().Handle((paid, context) =>
        {
            if (!context.Message.Headers.ContainsKey("tenant"))
            {
                throw new MessageRejectedException(DeadLetterReason.Rejected, "no tenant");
            }

            seen.Add(context.Message.Headers);
            context.Effect(paid.Order);
            return ValueTask.CompletedTask;
        }).StartAsync();
        await application.DeliverAsync(new Envelope { MessageId = "m1", MessageName = "Paid", Headers = new Dictionary<string, string> { ["wrong"] = "1" }, Body = Json("o1") });
        var letter = (await application.DeadLettersAsync(1))[0];

        await Letters(application).ReplayAsync(
            letter.Id, ByAnna with { Edit = new DeadLetterEdit { Headers = new Dictionary<string, string?> { ["tenant"] = "north", ["wrong"] = null } } }, Token);
        await application.EffectsAsync(1);

        Assert.Equal("north", seen[0]["tenant"]);
        Assert.DoesNotContain("wrong", seen[0].Keys);
    }

    [Fact]
    public async Task A_conflict_is_replayed_only_by_force_or_as_an_operation_of_its_own()
    {
        await using var application = await BrokenAsync();
        Mend();
        await application.PublishAsync(new Paid("o9", Amount: 1));
        await application.EffectsAsync(1);
        await application.PublishAsync(new Paid("o9", Amount: 2));
        var letter = (await application.DeadLettersAsync(1))[0];
        Assert.Equal(DeadLetterReason.Conflict, letter.Reason);

        var refused = await Letters(application).ReplayAsync(letter.Id, ByAnna, Token);
        Assert.Equal(DeadLetterResult.Refused, refused.Result);
        Assert.Contains("handled before with another content", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(1, await Letters(application).CountAsync(DeadLetterFilter.All, Token));

        var forced = await Letters(application).ReplayAsync(letter.Id, ByAnna with { Force = true }, Token);
        Assert.Equal(DeadLetterResult.Replayed, forced.Result);
        Assert.Equal(["o9", "o9"], await application.EffectsAsync(2));

        await application.PublishAsync(new Paid("o9", Amount: 3));
        var second = (await application.DeadLettersAsync(1))[0];
        var edited = await Letters(application).ReplayAsync(second.Id, ByAnna with { Edit = new DeadLetterEdit { Body = Json("o10") } }, Token);
        Assert.Equal(DeadLetterResult.Replayed, edited.Result);
        Assert.Equal(["o9", "o9", "o10"], await application.EffectsAsync(3));
    }

    [Fact]
    public async Task A_bulk_replay_takes_what_the_filter_matches_then_and_says_what_became_of_each()
    {
        await using var application = await BrokenAsync("o1", "o2", "o3");
        await application.DeliverAsync(new Envelope { MessageId = "m1", MessageName = "Paid", Body = "{"u8.ToArray() });
        await application.DeadLettersAsync(4);

        // o2 fails again at once, which makes a new letter while the replay goes on.
        Mend("o1", "o3");
        var outcomes = new List<DeadLetterOutcome>();
        await foreach (var outcome in Letters(application).ReplayAllAsync(DeadLetterFilter.All, ByAnna, Token))
        {
            outcomes.Add(outcome);
        }

        Assert.Equal(3, outcomes.Count(outcome => outcome.Result == DeadLetterResult.Replayed));
        Assert.Single(outcomes, outcome => outcome.Result == DeadLetterResult.Refused);
        Assert.Equal(["o1", "o3"], (await application.EffectsAsync(2)).Order());
        Assert.Equal(2, (await application.DeadLettersAsync(2)).Count);
    }

    [Fact]
    public async Task Hundreds_of_letters_are_replayed_in_one_go()
    {
        var broken = true;
        await using var application = await new TestApplication().Handle((paid, context) =>
        {
            context.Effect(paid.Order);
            return Volatile.Read(ref broken) ? throw new MessageRejectedException(DeadLetterReason.Rejected, "not yet") : ValueTask.CompletedTask;
        }).StartAsync();
        await application.PublishAsync(Enumerable.Range(0, 250).Select(number => new Paid($"o{number}")));
        await Eventually.GetAsync(() => Letters(application).CountAsync(DeadLetterFilter.All, Token).AsTask(), count => count == 250);

        Volatile.Write(ref broken, false);
        var replayed = 0;
        await foreach (var outcome in Letters(application).ReplayAllAsync(new DeadLetterFilter { Handler = "Test.Paid" }, ByAnna, Token))
        {
            Assert.Equal(DeadLetterResult.Replayed, outcome.Result);
            replayed++;
        }

        Assert.Equal(250, replayed);
        Assert.Equal(250, (await application.EffectsAsync(250)).Distinct().Count());
    }

    [Fact]
    public async Task A_discarded_letter_is_gone_for_good_and_its_operation_stays_done()
    {
        await using var application = await BrokenAsync("o1");
        var letter = (await application.DeadLettersAsync(1))[0];
        Mend();

        var outcome = await Letters(application).DiscardAsync(letter.Id, new DeadLetterDiscard { By = "anna" }, Token);
        var again = await Letters(application).DiscardAsync(letter.Id, new DeadLetterDiscard { By = "anna" }, Token);
        await application.DeliverAsync(letter.Envelope);
        await application.SettledAsync();

        Assert.Equal((DeadLetterResult.Discarded, DeadLetterResult.Gone), (outcome.Result, again.Result));
        Assert.Empty(await application.EffectsAsync());
        Assert.Equal(DeadLetterActionKind.Discarded, Assert.Single(await Letters(application).ListActionsAsync(cancellationToken: Token)).Kind);
    }

    [Fact]
    public async Task A_letter_of_a_removed_handler_is_refused_with_what_to_do_and_a_renamed_one_finds_its_handler()
    {
        await using var application = await BrokenAsync("o1");
        var letter = (await application.DeadLettersAsync(1))[0];
        await application.StopAsync();
        Mend();

        await application.With(Renamed(former: [])).StartAsync();
        var refused = await Letters(application).ReplayAsync(letter.Id, ByAnna, Token);
        Assert.Equal(DeadLetterResult.Refused, refused.Result);
        Assert.Contains("This process has no handler 'Test.Paid'; it has 'Billing.Paid'. Renamed? Write the old name into FormerNames", refused.Reason, StringComparison.Ordinal);
        await application.StopAsync();

        await application.With(Renamed(former: ["Test.Paid"])).StartAsync();
        var replayed = await Letters(application).ReplayAsync(letter.Id, ByAnna, Token);
        Assert.Equal((DeadLetterResult.Replayed, "Billing.Paid"), (replayed.Result, replayed.Target));
        Assert.Equal(["o1"], await application.EffectsAsync(1));
    }

    [Fact]
    public async Task Who_does_it_must_be_said_and_an_edit_is_for_one_letter()
    {
        await using var application = await BrokenAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => Letters(application).ReplayAsync(1, new DeadLetterReplay { By = " " }, Token).AsTask());
        Assert.Throws<ArgumentException>(() => Letters(application).ReplayAllAsync(DeadLetterFilter.All, ByAnna with { Edit = new DeadLetterEdit { MessageId = "m" } }, Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static byte[] Json(string order) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Paid(order), TestJson.Default.Paid));

    private static IDeadLetters Letters(TestApplication application) => application.Services.GetRequiredService<IDeadLetters>();

    private static Action<ReliabilityBuilder> Renamed(string[] former) => reliability =>
    {
        var handler = reliability.Handlers[^1];
        reliability.Handlers.Clear();
        reliability.AddHandler(handler with { Name = "Billing.Paid", FormerNames = former });
    };

    private void Mend(params string[] orders) => _broken.RemoveWhere(order => orders.Length == 0 || orders.Contains(order));

    private async Task<TestApplication> BrokenAsync(params string[] orders)
    {
        var application = await new TestApplication().Handle(
            (paid, context) =>
            {
                if (_broken.Contains(paid.Order))
                {
                    throw new InvalidOperationException("broken");
                }

                context.Effect(paid.Order);
                return ValueTask.CompletedTask;
            },
            handler => handler with { Attempts = 2 }).StartAsync();
        await application.PublishAsync(orders.Select(order => new Paid(order)));
        return application;
    }
}
