using Reliability.Messages;

namespace Reliability.Tests;

/// <summary>Text that PostgreSQL itself cannot keep.</summary>
public sealed class TextTests : IAsyncLifetime
{
    private readonly PostgreSqlPlace _place = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("\0")]
    [InlineData("a\0b\\0")]
    [InlineData("\\")]
    [InlineData("\\u0041")]
    [InlineData("\\\\0")]
    [InlineData("😀 grin")]
    [InlineData("C:\\temp\\new")]
    public void What_is_written_is_read_again_and_holds_nothing_that_PostgreSQL_refuses(string text) => RequireSame(text);

    [Fact]
    public void Halves_of_characters_survive_too()
    {
        foreach (var text in new[] { "\ud83d", "\ude00", "\ude00\ud83d", "x\ud83d\ud83d\ude00y\ude00", "\\ud83d\ud83d" })
            RequireSame(text);
    }

    [Fact]
    public void Texts_that_differ_stay_different()
    {
        string[] texts = ["\0", "\\0", "\\\0", "\\\\0", "\ud800", "\\ud800", "ud800", "\ud801"];

        Assert.Equal(texts.Length, texts.Select(StoredText.Write).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task NUL_and_halves_of_characters_come_back_from_every_column()
    {
        const string odd = "a\0\ud83d\\z";
        await _place.ConnectionStringAsync();
        await using var store = _place.Open();
        await store.StartAsync([odd], Cancellation);
        var envelope = new Envelope { MessageId = odd, MessageName = odd, Key = odd, Headers = new Dictionary<string, string> { [odd] = odd }, Body = new byte[] { 0 } };
        var lease = new Lease(odd, TimeSpan.FromMinutes(1));
        await store.CommitAsync(async work =>
        {
            await work.AddToInboxAsync([new InboxEntry(odd, InboxKey.Of(odd), 1)], Cancellation);
            await work.AddToOutboxAsync([new OutboxRow { Transport = odd, Route = odd, OrderKey = odd, Envelope = envelope }], null, Cancellation);
            await work.DeferAsync(new DeferredMessage { Consumer = odd, Transport = odd, Source = odd, DedupeKey = odd, OrderKey = odd, Envelope = envelope, LastError = odd }, TimeSpan.Zero, Cancellation);
            await work.AddDeadLetterAsync(new DeadLetter { Handler = odd, Transport = odd, Source = odd, DedupeKey = odd, Reason = DeadLetterReason.Rejected, Error = odd, Envelope = envelope }, Cancellation);
            await work.AddDeadLetterActionAsync(new DeadLetterAction { DeadLetterId = 1, MessageId = odd, Target = odd, Kind = DeadLetterActionKind.Discarded, By = odd, Note = odd }, Cancellation);
            await work.AddReceiptsAsync([new Receipt(odd, odd, false, odd)], Cancellation);
        }, Cancellation);

        var row = Assert.Single(await store.Outbox.ClaimAsync(new OutboxClaim(odd, odd, 10, lease) { Parts = [OutboxRow.PartOf(odd)] }, Cancellation));
        var deferred = (await store.Deferral.ClaimAsync([odd], lease, Cancellation)).Message!;
        var letter = Assert.Single(await store.DeadLetters.ListAsync(new DeadLetterFilter { Handler = odd, Source = odd, MessageId = odd, MessageName = odd }, 0, 10, Cancellation));
        var action = Assert.Single(await store.DeadLetters.ListActionsAsync(0, 10, Cancellation));
        var status = (await store.Audit.FindAsync(odd, Cancellation))!;
        Assert.All(new[] { row.Envelope, deferred.Envelope, letter.Envelope }, kept =>
            Assert.Equal((odd, odd, odd, odd, odd), (kept.MessageId, kept.MessageName, kept.Key, kept.Headers.Keys.Single(), kept.Headers.Values.Single())));
        Assert.Equal((odd, odd, odd), (row.Transport, row.Route, row.OrderKey));
        Assert.Equal((odd, odd, odd, odd, odd, odd), (deferred.Consumer, deferred.Transport, deferred.Source, deferred.DedupeKey, deferred.OrderKey, deferred.LastError));
        Assert.Equal((odd, odd, odd, odd, odd), (letter.Handler, letter.Transport, letter.Source, letter.DedupeKey, letter.Error));
        Assert.Equal((odd, odd, odd, odd), (action.MessageId, action.Target, action.By, action.Note));
        Assert.Equal((odd, odd, odd), (status.Route, status.Receipts[0].Consumer, status.Receipts[0].Reason));
        Assert.Equal(odd, (await store.Inbox.CountAsync(Cancellation)).Single().Consumer);
        Assert.Equal([0], (await store.Leases.ShareAsync(odd, 1, lease, Cancellation)).Parts);
    }

    private static void RequireSame(string text)
    {
        var stored = StoredText.Write(text);

        Assert.Equal(text, StoredText.Read(stored));
        Assert.DoesNotContain('\0', stored);
        Assert.Equal(stored, System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(stored)));
    }
}
