using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Reliability.Generators.Tests.Handlers;

namespace Reliability.Generators.Tests;

/// <summary>The wrappers of this project's own handlers, as they run.</summary>
public sealed class GeneratedHandlerTests
{
    private const string Order = """{"OrderId":"6f9619ff-8b86-d011-b42d-00c04fc964ff","Customer":"Ada","Priority":2,"Day":"2026-11-21","Parcel":{"Code":"P-1","Weight":12}}""";

    [Theory]
    [InlineData("Fulfilment.ShipAsync", "6f9619ff-8b86-d011-b42d-00c04fc964ff", "Ada")]
    [InlineData("by code", "P-1", null)]
    [InlineData("by weight", "12", null)]
    [InlineData("by priority", "2", "2026-11-21")]
    [InlineData("by id", "m-1", null)]
    [InlineData("by code and weight", "P-1|12", null)]
    [InlineData("by method", "Adam-1", null)]
    public void Keys_are_read_from_the_message(string handler, string dedupeKey, string? orderKey)
    {
        var read = Find(handler).Read(Envelope(Order));

        Assert.Equal(dedupeKey, read.DedupeKey);
        Assert.Equal(orderKey, read.OrderKey);
        Assert.Equal("Ada", Assert.IsType<OrderPacked>(read.Message).Customer);
    }

    [Fact]
    public void A_number_of_a_struct_message_is_its_key() =>
        Assert.Equal("-7", Find("counted").Read(Envelope("""{"Shelf":-7,"Amount":1}""")).DedupeKey);

    [Theory]
    [InlineData("Fulfilment.ShipAsync", """{"Customer":"Ada"}""", "OrderId")]
    [InlineData("Fulfilment.ShipAsync", """{"OrderId":"00000000-0000-0000-0000-000000000000"}""", "OrderId")]
    [InlineData("by code", """{"Parcel":null}""", "Parcel.Code")]
    [InlineData("by code", "{}", "Parcel.Code")]
    [InlineData("by code", """{"Parcel":{"Code":""}}""", "Parcel.Code")]
    [InlineData("by weight", """{"Parcel":{"Code":"P-1"}}""", "Parcel.Weight")]
    [InlineData("by priority", """{"Priority":null}""", "Priority")]
    [InlineData("by code and weight", """{"Parcel":{"Code":"P-1"}}""", "Parcel.Weight")]
    [InlineData("by code and weight", """{"Parcel":{"Weight":1}}""", "Parcel.Code")]
    [InlineData("by method", "{}", "KeyOf")]
    public void A_message_without_its_dedupe_key_is_rejected_naming_the_member(string handler, string body, string member)
    {
        var rejected = Assert.Throws<MessageRejectedException>(() => Find(handler).Read(Envelope(body)));

        Assert.Equal(DeadLetterReason.MissingDedupeKey, rejected.Reason);
        Assert.Contains($"dedupe key {member} is missing", rejected.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_method_that_throws_rejects_the_message_without_the_text_of_its_error()
    {
        var rejected = Assert.Throws<MessageRejectedException>(() => Find("by method").Read(Envelope("""{"Customer":"nobody"}""")));

        Assert.Equal(DeadLetterReason.MissingDedupeKey, rejected.Reason);
        Assert.Contains("System.InvalidOperationException", rejected.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", rejected.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_attribute_says_of_names_durations_and_exceptions_is_in_its_descriptor()
    {
        var (named, failing, plain) = (Descriptor("by code and weight"), Descriptor("by method"), Descriptor("by id"));

        Assert.Equal((TimeSpan.FromSeconds(1.5), TimeSpan.FromHours(48)), (named.Timeout, named.Retention));
        Assert.Equal(["by both"], named.FormerNames);
        Assert.Equal([typeof(FormatException)], failing.DeadLetterOn);
        Assert.Equal([typeof(InvalidOperationException), typeof(TimeoutException)], failing.StopOn);
        Assert.Equal((null, null), (plain.Timeout, plain.Retention));
        Assert.Empty(plain.FormerNames);
        Assert.Empty(plain.DeadLetterOn);
        Assert.Empty(plain.StopOn);
    }

    [Fact]
    public void A_message_without_an_order_key_has_none() =>
        Assert.Null(Find("Fulfilment.ShipAsync").Read(Envelope("""{"OrderId":"6f9619ff-8b86-d011-b42d-00c04fc964ff"}""")).OrderKey);

    [Fact]
    public void Only_handlers_that_name_an_order_key_are_ordered()
    {
        Assert.True(Find("Fulfilment.ShipAsync").IsOrdered);
        Assert.False(Find("by code").IsOrdered);
    }

    [Theory]
    [InlineData("{", DeadLetterReason.Undecodable)]
    [InlineData("null", DeadLetterReason.Undecodable)]
    [InlineData("""{"OrderId":"no guid"}""", DeadLetterReason.Undecodable)]
    [InlineData("", DeadLetterReason.EmptyBody)]
    public void A_body_that_is_no_such_message_is_rejected(string body, DeadLetterReason reason) =>
        Assert.Equal(reason, Assert.Throws<MessageRejectedException>(() => Find("by code").Read(Envelope(body))).Reason);

    [Fact]
    public void Every_attribute_gives_one_descriptor_and_those_of_a_method_share_its_wrapper()
    {
        var shipping = Handlers().Where(handler => handler.Name == "Fulfilment.ShipAsync").ToList();

        Assert.Equal([(TransportNames.RabbitMq, 3, 7), (TransportNames.Kafka, HandlerDescriptor.DefaultAttempts, HandlerDescriptor.DefaultGroup)],
            shipping.Select(handler => (handler.Transport, handler.Attempts, handler.Group)));
        Assert.All(shipping, handler => Assert.Equal("packed", handler.Source));
        Assert.Same(shipping[0].Handler, shipping[1].Handler);
        Assert.Equal("OrderPacked", shipping[0].Handler.MessageName);
    }

    [Fact]
    public void Handlers_that_are_not_wanted_are_left_out_and_their_classes_are_services()
    {
        var services = new ServiceCollection();
        var offered = new List<string>();
        NewBuilder(services).AddHandlers(handler =>
        {
            offered.Add(handler.Name);
            return false;
        });

        Assert.Equal(9, offered.Count);
        Assert.Single(services, service => service.ServiceType == typeof(Fulfilment) && service.Lifetime == ServiceLifetime.Scoped);
    }

    [Fact]
    public async Task The_method_is_called_with_what_it_asks_for_and_its_results_are_published()
    {
        var published = new List<object>();
        var journal = new Journal();
        await using var services = new ServiceCollection().AddSingleton(journal).AddScoped<Fulfilment>().BuildServiceProvider();

        await HandleAsync("Fulfilment.ShipAsync", Order, services, published, TestContext.Current.CancellationToken);
        await HandleAsync("Fulfilment.ShipAsync", """{"OrderId":"6f9619ff-8b86-d011-b42d-00c04fc964ff"}""", services, published, TestContext.Current.CancellationToken);

        Assert.Equal(["Ada try 1", " try 1"], journal.Lines);
        var id = Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff");
        Assert.Equal([new LabelWanted(id, new Parcel("P-1", 12)), new MailWanted("Ada"), new LabelWanted(id, null)], published);
    }

    [Fact]
    public async Task Keyed_and_optional_services_and_the_outbox_are_given_and_every_result_of_a_sequence_is_published()
    {
        var published = new List<object>();
        var counts = new Journal();
        await using var services = new ServiceCollection().AddKeyedSingleton("counts", counts).BuildServiceProvider();

        await HandleAsync("counted", """{"Shelf":3,"Amount":2}""", services, published, TestContext.Current.CancellationToken);

        Assert.Equal(["shelf 3, no other"], counts.Lines);
        Assert.Equal([new MailWanted("first"), new MailWanted("mail 0"), new MailWanted("mail 1")], published);
    }

    [Fact]
    public async Task A_cancelled_handler_says_so_through_its_task()
    {
        await using var services = new ServiceCollection().AddSingleton<Journal>().AddScoped<Fulfilment>().BuildServiceProvider();

        await Assert.ThrowsAsync<OperationCanceledException>(() => HandleAsync("Fulfilment.ShipAsync", Order, services, [], new CancellationToken(canceled: true)));
    }

    private static List<HandlerDescriptor> Handlers()
    {
        var handlers = new List<HandlerDescriptor>();
        NewBuilder(new ServiceCollection()).AddHandlers(handler =>
        {
            handlers.Add(handler);
            return true;
        });
        return handlers;
    }

    private static HandlerDescriptor Descriptor(string name) => Handlers().First(handler => handler.Name == name);

    private static MessageHandler Find(string name) => Descriptor(name).Handler;

    private static Envelope Envelope(string body) => new() { MessageId = "m-1", Body = Encoding.UTF8.GetBytes(body) };

    /// <summary>Runs a wrapper as the runtime does, and reads what it published back from the rows for the store. No handler here asks for the transaction, so there is none.</summary>
    private static async Task HandleAsync(string name, string body, ServiceProvider services, List<object> published, CancellationToken cancellationToken)
    {
        var reliability = NewBuilder(new ServiceCollection());
        reliability.AddHandlers();
        var handler = Descriptor(name);
        var envelope = Envelope(body);
        var message = new ReceivedMessage
        {
            Delivery = new Delivery(handler.Source, envelope, redelivered: false),
            Transport = handler.Transport,
            Handler = handler,
            Content = handler.Handler.Read(envelope),
        };
        var catalog = new HandlerCatalog([], reliability.MessageTypes, [new RabbitMqByName()], new ReliabilityOptions());
        var context = new HandlerContext(null!, message, new HandlerParts(catalog, services.GetRequiredService<IServiceScopeFactory>(), TimeProvider.System), cancellationToken);
        try
        {
            await handler.Handler.HandleAsync(message.Content, context);
            published.AddRange(context.Sent.Select(row => Read(row.Envelope)));
        }
        finally
        {
            await context.DisposeAsync();
        }
    }

    private static object Read(Envelope envelope) => envelope.MessageName switch
    {
        "LabelWanted" => JsonSerializer.Deserialize(envelope.Body.Span, FulfilmentJson.Default.LabelWanted)!,
        "mail.wanted" => JsonSerializer.Deserialize(envelope.Body.Span, FulfilmentJson.Default.MailWanted),
        var other => throw new InvalidOperationException($"A message named {other} was published."),
    };

    // AddReliability makes the builder, but wants a store, which no wrapper is asked about here.
    private static ReliabilityBuilder NewBuilder(IServiceCollection services) => new(services);

    /// <summary>A transport that is only named: nothing is sent by wrappers.</summary>
    private sealed class RabbitMqByName : ITransport
    {
        public string Name => TransportNames.RabbitMq;

        public int MaxBodyBytes => int.MaxValue;

        public ValueTask StartAsync(Topology topology, CancellationToken cancellationToken) => throw Used();

        public ValueTask<ISubscription> SubscribeAsync(SubscriptionRequest request, CancellationToken cancellationToken) => throw Used();

        public Task<PublishOutcome> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken) => throw Used();

        public ValueTask<TransportState> CheckAsync(CancellationToken cancellationToken) => throw Used();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static InvalidOperationException Used() => new("A wrapper knows no transport.");
    }
}
