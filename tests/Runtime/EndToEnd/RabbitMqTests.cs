using System.Text;
using RabbitMQ.Client;
using Reliability.Tests.Services;

namespace Reliability.Tests.EndToEnd;

/// <summary>The whole path over a real RabbitMQ: what arrives wrong, what cannot be sent, and a broker that is away.</summary>
public sealed class RabbitMqTests
{
    [Fact]
    public async Task A_message_goes_through_the_broker_and_is_handled_once()
    {
        var queue = NewQueue();
        await using var application = await Application(await RabbitMqServer.SharedUriAsync(), queue).StartAsync();

        await application.PublishAsync(Enumerable.Range(0, 500).Select(number => new Paid($"{number}")));

        await application.EffectsAsync(500);
        await application.SettledAsync();
        Assert.Equal(Enumerable.Range(0, 500).Select(number => $"{number}").Order(), (await application.EffectsAsync()).Order());
    }

    [Theory]
    [InlineData("{ no JSON", DeadLetterReason.Undecodable)]
    [InlineData("", DeadLetterReason.EmptyBody)]
    [InlineData("""{"Customer":"anna"}""", DeadLetterReason.MissingDedupeKey)]
    public async Task What_a_foreign_sender_without_headers_gets_wrong_is_kept_and_leaves_the_queue(string body, DeadLetterReason reason)
    {
        var queue = NewQueue();
        var broker = await RabbitMqServer.SharedUriAsync();
        await using var application = await Application(broker, queue).StartAsync();
        await application.PublishAsync(new Paid("first"));
        await application.EffectsAsync(1);

        await SendAsync(broker, queue, body);

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Equal((reason, TransportNames.RabbitMq, queue, body), (letter.Reason, letter.Transport, letter.Source, Encoding.UTF8.GetString(letter.Envelope.Body.Span)));
        Assert.Contains(application.Logs.Lines, line => line.StartsWith("Error: Message ", StringComparison.Ordinal) && line.Contains(queue, StringComparison.Ordinal));
        await application.PublishAsync(new Paid("second"));
        Assert.Equal(["first", "second"], await application.EffectsAsync(2));
        await application.StopAsync();
        Assert.Equal(0u, await CountAsync(broker, queue));
    }

    [Fact]
    public async Task A_message_that_no_queue_takes_is_an_outgoing_dead_letter_with_the_brokers_reason()
    {
        var queue = NewQueue();
        await using var application = await Application(await RabbitMqServer.SharedUriAsync(), queue)
            .With(reliability => reliability.Configure(options => options.Relay.Attempts = 2))
            .StartAsync();

        await using (var work = await application.Sender().BeginAsync(TestContext.Current.CancellationToken))
        {
            work.Outbox.Publish(new Paid("1"), new PublishOptions { Route = "no-such-queue-" + queue });
            await work.CommitAsync(TestContext.Current.CancellationToken);
        }

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Equal((true, DeadLetterReason.Undeliverable, 2), (letter.IsOutgoing, letter.Reason, letter.Attempts));
        Assert.Contains("NO_ROUTE", letter.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_away_at_the_start_is_waited_for_and_the_outbox_keeps_everything()
    {
        var queue = NewQueue();
        await using var broker = await RabbitMqServer.StartAsync(TestContext.Current.CancellationToken);
        await broker.KillAsync(TestContext.Current.CancellationToken);
        await using var application = await Application(broker.Uri, queue).StartAsync();

        await application.PublishAsync(new Paid("1"), new Paid("2"));
        Assert.Equal(2, await application.Store.CountOutboxAsync(TestContext.Current.CancellationToken));
        await Eventually.GetAsync(() => Task.FromResult(application.Logs.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal))), errors => errors > 0);
        await broker.RestartAsync(TestContext.Current.CancellationToken);

        // In any order: one that found the broker away may be sent after its successor.
        Assert.Equal(["1", "2"], (await application.EffectsAsync(2)).Order());
        await application.SettledAsync();
        Assert.Equal(0, await application.Store.CountDeadLettersAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Wrong_credentials_are_said_without_the_password_and_nothing_is_lost()
    {
        var queue = NewQueue();
        await using var broker = await RabbitMqServer.StartAsync(TestContext.Current.CancellationToken);
        var wrong = new UriBuilder(broker.Uri) { UserName = "late", Password = "planted-secret" }.Uri;
        await using var application = await Application(wrong, queue).StartAsync();

        await application.PublishAsync(new Paid("1"));
        await Eventually.GetAsync(
            () => Task.FromResult(application.Logs.Lines.Any(line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("refused the login of user 'late'", StringComparison.Ordinal))),
            said => said);
        await broker.AddUserAsync("late", "planted-secret", "/", TestContext.Current.CancellationToken);

        Assert.Equal(["1"], await application.EffectsAsync(1));
        Assert.DoesNotContain(application.Logs.Lines, line => line.Contains("planted-secret", StringComparison.Ordinal));
    }

    private static string NewQueue() => $"paid-{Guid.NewGuid():N}";

    private static TestApplication Application(Uri broker, string queue) => new TestApplication().With(reliability =>
    {
        var handler = new DelegateHandler<Paid>(TestJson.Default.Paid, (paid, context) =>
        {
            context.Effect(paid.Order);
            return ValueTask.CompletedTask;
        }, paid => paid.Order);
        reliability.UseRabbitMq($"{broker}");
        reliability.AddMessage(new MessageType<Paid>("Paid", TestJson.Default.Paid, queue));
        reliability.AddHandler(new HandlerDescriptor("Test.Paid", TransportNames.RabbitMq, queue, handler));
    });

    private static async Task SendAsync(Uri broker, string queue, string body)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(TestContext.Current.CancellationToken);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), TestContext.Current.CancellationToken);
        await channel.BasicPublishAsync("", queue, mandatory: true, Encoding.UTF8.GetBytes(body), TestContext.Current.CancellationToken);
    }

    private static async Task<uint> CountAsync(Uri broker, string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(TestContext.Current.CancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        return (await channel.QueueDeclarePassiveAsync(queue, TestContext.Current.CancellationToken)).MessageCount;
    }
}
