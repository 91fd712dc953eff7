namespace Reliability.Tests.Handlers;

public sealed class RawClientTests
{
    [Theory]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, IChannel {|REL4101:channel|}) { }""")]
    [InlineData("""[RabbitMqHandler("q")] public static void Handle(OrderPaid order, DbTransaction transaction, IConnection {|REL4101:connection|}) { }""")]
    [InlineData("""[KafkaHandler("q")] public static async Task Handle(OrderPaid order, IProducer<string, string> {|REL4101:producer|}) => await producer.ProduceAsync("t", new Message<string, string>());""")]
    [InlineData("""[KafkaHandler("q")] public static void Handle(OrderPaid order, IConsumer<string, string> {|REL4101:consumer|}) => consumer.Commit();""")]
    public Task A_handler_that_takes_a_client_is_reported(string members) => HandlerCode.SaysAsync<RawClient>(members);

    [Theory]
    [InlineData("""private static IProducer<string, string> Producer = null!; [LocalHandler("q")] public static void Handle(OrderPaid order) { Producer.{|REL4101:Produce|}("t", new Message<string, string>()); Producer.Produce("t", null!); }""")]
    [InlineData("""private static IChannel Channel = null!; [LocalHandler("q")] public static async Task Handle(OrderPaid order) { foreach (var i in new[] { 1 }) await Channel.{|REL4101:BasicPublishAsync|}("x", "k", new byte[i]); }""")]
    public Task A_handler_that_publishes_by_a_client_is_reported_once(string members) => HandlerCode.SaysAsync<RawClient>(members);

    [Fact]
    public Task A_client_from_the_constructor_is_reported_where_a_handler_uses_it() => HandlerCode.TypesAsync<RawClient>("""
        public class Billing(IChannel channel)
        {
            [LocalHandler("q")] public async Task Handle(OrderPaid order, CancellationToken token) => await channel.{|REL4101:BasicPublishAsync|}("x", "k", new byte[1], token);
            [LocalHandler("r")] public void Quiet(OrderPaid order) { }
            public async Task NoHandlerAsync() => await channel.BasicPublishAsync("x", "k", new byte[1]);
        }
        """);

    [Theory]
    [InlineData("""[LocalHandler("q")] public static PaymentFailed? Handle(OrderPaid order, IOutbox outbox) { outbox.Publish(new PaymentFailed(order.OrderId)); return null; }""")]
    [InlineData("""public static void NoHandler(OrderPaid order, IChannel channel) { }""")]
    [InlineData("""[Obsolete] public static void NoHandler(OrderPaid order, IProducer<string, string> producer) => producer.Produce("t", null!);""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, IChannelLike channel) => channel.Produce(); public interface IChannelLike { void Produce(); }""")]
    public Task Others_are_not(string members) => HandlerCode.SaysAsync<RawClient>(members);
}
