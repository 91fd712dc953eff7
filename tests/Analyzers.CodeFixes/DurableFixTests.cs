using Reliability.Analyzers.CodeFixes.RabbitMQ;
using Reliability.Analyzers.RabbitMQ;

namespace Reliability.Tests;

public class DurableFixTests
{
    [Theory]
    [InlineData("""channel.QueueDeclare("q", {|REL1102:false|}, false, false, null);""", """channel.QueueDeclare("q", true, false, false, null);""")]
    [InlineData("""channel.{|REL1102:QueueDeclare|}("q", exclusive: false);""", """channel.QueueDeclare("q", durable: true, exclusive: false);""")]
    [InlineData(
        """channel.QueueDeclare(durable: {|REL1102:false|}, queue: "q", exclusive: false);""",
        """channel.QueueDeclare(durable: true, queue: "q", exclusive: false);""")]
    [InlineData("""channel.QueueDeclareNoWait("q", {|REL1102:false|}, false, false, null);""", """channel.QueueDeclareNoWait("q", true, false, false, null);""")]
    [InlineData("""channel.QueueDeclare("q", /* kept */ {|REL1102:false|} /* too */, false);""", """channel.QueueDeclare("q", /* kept */ true /* too */, false);""")]
    [InlineData( // A constant that says nothing else is mended for all its uses.
        """const bool Kept = false; channel.QueueDeclare("q", {|REL1102:Kept|}, false); channel.QueueDeclare("r", {|REL1102:Kept|}, false);""",
        """const bool Kept = true; channel.QueueDeclare("q", Kept, false); channel.QueueDeclare("r", Kept, false);""")]
    [InlineData(
        """const bool No = false; channel.QueueDeclare("q", {|REL1102:No|}, exclusive: No);""",
        """const bool No = false; channel.QueueDeclare("q", true, exclusive: No);""")]
    public Task A_version_6_queue_becomes_durable(string statement, string mended) =>
        FixOf<NonDurableQueue, NonDurableQueueFix>.Mends(Client.RabbitMq6, Version6(statement), Version6(mended));

    [Theory]
    [InlineData(
        """await channel.QueueDeclareAsync("q", {|REL1102:false|}, false, false);""", """await channel.QueueDeclareAsync("q", true, false, false);""")]
    [InlineData(
        """await channel.{|REL1102:QueueDeclareAsync|}(queue: "q", exclusive: false, autoDelete: false);""",
        """await channel.QueueDeclareAsync(queue: "q", durable: true, exclusive: false, autoDelete: false);""")]
    [InlineData(
        """await channel.{|REL1102:QueueDeclareAsync|}("q", exclusive: false, cancellationToken: default).ConfigureAwait(false);""",
        """await channel.QueueDeclareAsync("q", durable: true, exclusive: false, cancellationToken: default).ConfigureAwait(false);""")]
    public Task A_version_7_queue_becomes_durable(string statement, string mended) =>
        FixOf<NonDurableQueue, NonDurableQueueFix>.Mends(Client.RabbitMq7, Version7(statement), Version7(mended));

    [Theory]
    [InlineData("""channel.{|REL1101:ExchangeDeclare|}("e", "topic");""", """channel.ExchangeDeclare("e", "topic", durable: true);""")]
    [InlineData("""channel.ExchangeDeclare("e", "topic", {|REL1101:false|}, false, null);""", """channel.ExchangeDeclare("e", "topic", true, false, null);""")]
    [InlineData(
        """channel.{|REL1101:ExchangeDeclare|}("e", "topic", autoDelete: false);""",
        """channel.ExchangeDeclare("e", "topic", durable: true, autoDelete: false);""")]
    [InlineData(
        """IModelExensions.{|REL1101:ExchangeDeclare|}(channel, "e", "topic");""",
        """IModelExensions.ExchangeDeclare(channel, "e", "topic", durable: true);""")]
    public Task A_version_6_exchange_becomes_durable(string statement, string mended) =>
        FixOf<NonDurableExchange, NonDurableExchangeFix>.Mends(Client.RabbitMq6, Version6(statement), Version6(mended));

    [Fact]
    public Task Exchanges_of_version_7_become_durable_together() => FixOf<NonDurableExchange, NonDurableExchangeFix>.Mends(
        Client.RabbitMq7,
        Version7("""
            await Task.WhenAll(channel.{|REL1101:ExchangeDeclareAsync|}("a", "topic"), channel.{|REL1101:ExchangeDeclareAsync|}("b", "fanout"));
            await channel.{|REL1101:ExchangeDeclareAsync|}(
                "c",
                "direct",
                autoDelete: false);
            await channel.{|REL1101:ExchangeDeclareAsync|}(
                exchange: "d",
                type: "direct");
            """),
        Version7("""
            await Task.WhenAll(channel.ExchangeDeclareAsync("a", "topic", durable: true), channel.ExchangeDeclareAsync("b", "fanout", durable: true));
            await channel.ExchangeDeclareAsync(
                "c",
                "direct",
                durable: true,
                autoDelete: false);
            await channel.ExchangeDeclareAsync(
                exchange: "d",
                type: "direct",
                durable: true);
            """));

    [Fact]
    public Task A_choice_made_for_some_paths_is_left_to_people() => FixOf<NonDurableQueue, NonDurableQueueFix>.Leaves(
        Client.RabbitMq6, Version6("""channel.QueueDeclare("q", {|REL1102:System.Environment.HasShutdownStarted ? true : false|}, false);"""));

    private static string Version6(string statements) => $$"""
        using RabbitMQ.Client;

        class Topology
        {
            void Declare(IModel channel)
            {
                {{statements.Replace("\n", "\n        ", StringComparison.Ordinal)}}
            }
        }
        """;

    private static string Version7(string statements) => $$"""
        using System.Threading.Tasks;
        using RabbitMQ.Client;

        class Topology
        {
            async Task DeclareAsync(IChannel channel)
            {
                {{statements.Replace("\n", "\n        ", StringComparison.Ordinal)}}
            }
        }
        """;
}
