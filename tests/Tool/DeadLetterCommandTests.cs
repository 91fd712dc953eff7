using System.Text.Json;

namespace Reliability.Tests;

/// <summary>Over a SQLite file that a running service works on.</summary>
public sealed class DeadLettersInSqliteTests : DeadLetterCommandTests
{
    protected override string Store => $"sqlite:{Path.Combine(Folder, "app.db")}";
}

/// <summary>What the tool does with dead letters beside a running service, the same on every store.</summary>
public abstract class DeadLetterCommandTests : ToolTest
{
    [Fact]
    public async Task A_letter_is_listed_shown_and_replayed_and_the_service_handles_it()
    {
        var letter = (await BrokenAsync("o1"))[0];
        Assert.Equal("AttemptsExhausted", letter.GetProperty("reason").GetString());
        Assert.Equal("incoming", letter.GetProperty("direction").GetString());
        Assert.Equal(["tenant"], letter.GetProperty("headerNames").EnumerateArray().Select(name => name.GetString()!).Where(name => name == "tenant"));

        Mend("o1");
        var replayed = await RunAsync("dead-letters", "replay", Id(letter), "--by", "anna", "--note", "shelf put up");

        Assert.Equal((0, "1 replayed\n"), (replayed.ExitCode, replayed.Output));
        Assert.Equal(["o1"], await EffectsAsync(1));
        Assert.Equal("No dead letters.\n", (await RunAsync("dead-letters", "list")).Output);
        var action = (await RunAsync("dead-letters", "history", "--json")).Json.GetProperty("actions")[0];
        Assert.Equal(
            ("anna", "shelf put up", "ReplayedToHandler"),
            (action.GetProperty("by").GetString(), action.GetProperty("note").GetString(), action.GetProperty("kind").GetString()));
        Assert.Equal(0, (await RunAsync("status")).ExitCode);
    }

    [Fact]
    public async Task A_letter_goes_back_to_its_queue_where_that_is_asked_for()
    {
        var letter = (await BrokenAsync("o1"))[0];
        Mend("o1");

        var replayed = await RunAsync("dead-letters", "replay", Id(letter), "--to", "route", "--json");

        Assert.Equal(1, replayed.Json.GetProperty("replayed").GetInt32());
        Assert.Equal(["o1"], await EffectsAsync(1));
    }

    [Fact]
    public async Task Bodies_and_header_values_are_shown_only_where_asked_for_and_secrets_never()
    {
        var id = Id((await BrokenAsync("o1"))[0]);

        var plain = await RunAsync("dead-letters", "show", id);
        var whole = await RunAsync("dead-letters", "show", id, "--body", "--headers");

        Assert.Equal((0, 0), (plain.ExitCode, whole.ExitCode));
        Assert.DoesNotContain("nobody's business", plain.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("north", plain.Output, StringComparison.Ordinal);
        Assert.Contains("nobody", whole.Output, StringComparison.Ordinal);
        Assert.Contains("tenant: north", whole.Output, StringComparison.Ordinal);
        Assert.Contains("Password=***", plain.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", plain.Output + whole.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edited_letter_is_handled_as_it_was_edited()
    {
        var id = Id((await BrokenAsync("o1"))[0]);
        Mend("o2");

        var edited = await ToolProcess.RunAsync(Store, ["dead-letters", "edit", id, "--body", "-"], input: """{"Order":"o2","Text":"mended"}""");

        Assert.Equal((0, "1 replayed\n"), (edited.ExitCode, edited.Output));
        Assert.Equal(["o2"], await EffectsAsync(1));
    }

    [Fact]
    public async Task Many_letters_are_replayed_by_filter_and_only_with_leave()
    {
        await BrokenAsync("o1", "o2", "o3");
        Mend("o1", "o2", "o3");

        var unasked = await RunAsync("dead-letters", "replay", "--handler", "Shipping.ShipAsync");
        var none = await RunAsync("dead-letters", "replay", "--handler", "Nobody", "--yes", "--json");
        Assert.Equal(2, unasked.ExitCode);
        Assert.Contains("nobody is there to be asked: give --yes", unasked.Errors, StringComparison.Ordinal);
        Assert.Equal((0, 0), (none.ExitCode, none.Json.GetProperty("replayed").GetInt32()));
        Assert.Empty(Effects());

        var all = await RunAsync("dead-letters", "replay", "--all", "--yes", "--json");
        Assert.Equal(3, all.Json.GetProperty("replayed").GetInt32());
        Assert.Equal(["o1", "o2", "o3"], (await EffectsAsync(3)).Order());
    }

    [Fact]
    public async Task A_letter_that_is_gone_is_said_to_be_and_is_no_error()
    {
        var id = Id((await BrokenAsync("o1"))[0]);

        var first = await RunAsync("dead-letters", "discard", id);
        var second = await RunAsync("dead-letters", "discard", id, "--json");
        var shown = await RunAsync("dead-letters", "show", id);

        Assert.Equal((0, "1 discarded\n"), (first.ExitCode, first.Output));
        Assert.Equal((0, 1), (second.ExitCode, second.Json.GetProperty("gone").GetInt32()));
        Assert.Equal(1, shown.ExitCode);
        Assert.Contains($"There is no dead letter {id}", shown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_is_exported_whole_and_the_file_is_not_overwritten()
    {
        await BrokenAsync("o1", "o2");

        var exported = await RunAsync("dead-letters", "export", "-o", "letters.jsonl");
        var again = await RunAsync("dead-letters", "export", "-o", "letters.jsonl");

        Assert.Equal((0, 1), (exported.ExitCode, again.ExitCode));
        var lines = (await File.ReadAllLinesAsync(Path.Combine(Folder, "letters.jsonl"), TestContext.Current.CancellationToken))
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(2, lines.Count);
        Assert.Equal(["o1", "o2"], lines.Select(line => JsonDocument.Parse(line.GetProperty("body").GetString()!).RootElement.GetProperty("Order").GetString()).Order());
        Assert.Equal("north", lines[0].GetProperty("headers").GetProperty("tenant").GetString());
    }

    [Fact]
    public async Task A_filter_chooses_and_a_page_says_how_to_go_on()
    {
        await BrokenAsync("o1", "o2", "o3");

        var first = (await RunAsync("dead-letters", "list", "--limit", "2", "--json")).Json;
        var rest = (await RunAsync("dead-letters", "list", "--after", first.GetProperty("next").GetInt64().ToString(null, null), "--json")).Json;

        Assert.Equal((2, 1), (first.GetProperty("letters").GetArrayLength(), rest.GetProperty("letters").GetArrayLength()));
        Assert.False(rest.TryGetProperty("next", out _));
        Assert.Empty(await LettersAsync(0, "--reason", "Conflict"));
        Assert.Empty(await LettersAsync(0, "--direction", "outgoing"));
        Assert.Empty(await LettersAsync(0, "--until", "2020-01-01"));
        Assert.Equal(3, (await LettersAsync(3, "--source", "shipped", "--from", "2020-01-01", "--message-name", "Shipped")).Length);
    }

    [Fact]
    public async Task Status_is_trouble_while_there_are_dead_letters()
    {
        await BrokenAsync("o1");

        var status = await RunAsync("status", "--json");

        Assert.Equal(1, status.ExitCode);
        Assert.Equal(1, status.Json.GetProperty("deadLetters").GetProperty("incoming").GetInt64());
        Assert.True(status.Json.GetProperty("schema").GetProperty("matches").GetBoolean());
        Assert.Equal("Shipping.ShipAsync", status.Json.GetProperty("inbox")[0].GetProperty("handler").GetString());
        Assert.Contains("1 dead letters wait", Assert.Single(status.Json.GetProperty("trouble").EnumerateArray()).GetString(), StringComparison.Ordinal);
        var table = await RunAsync("status");
        Assert.Contains("Dead letters: 1 incoming, 0 outgoing", table.Output, StringComparison.Ordinal);
        Assert.Contains("wait for a person", table.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_is_found_by_its_id()
    {
        var letter = (await BrokenAsync("o1"))[0];

        var found = await RunAsync("outbox", letter.GetProperty("messageId").GetString()!, "--json");
        var unknown = await RunAsync("outbox", "no-such-message");

        Assert.Equal("ConsumptionFailed", found.Json.GetProperty("state").GetString());
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("knows nothing of the message no-such-message", unknown.Errors, StringComparison.Ordinal);
        Assert.Equal("The outbox is empty.\n", (await RunAsync("outbox")).Output);
        Assert.Equal(0, (await RunAsync("outbox", "--json")).Json.GetArrayLength());
    }
}
