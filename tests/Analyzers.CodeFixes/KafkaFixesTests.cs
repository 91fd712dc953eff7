using Reliability.Analyzers.CodeFixes.Kafka;
using Reliability.Analyzers.Kafka;

namespace Reliability.Tests;

/// <summary>Fixes of a configuration's settings, and of calls on a producer.</summary>
public class KafkaFixesTests
{
    [Theory]
    [InlineData("{|REL2102:new ProducerConfig { BootstrapServers = \"b\", EnableIdempotence = false }|}", "new ProducerConfig { BootstrapServers = \"b\", EnableIdempotence = true }")]
    [InlineData("{|REL2102:new Dictionary<string, string> { [\"enable.idempotence\"] = \"false\" }|}", "new Dictionary<string, string> { [\"enable.idempotence\"] = \"true\" }")]
    public Task Idempotence_is_turned_on(string config, string mended) => FixOf<IdempotenceOff, IdempotenceOffFix>.Mends(
        Client.Kafka2, Code($"new ProducerBuilder<string, string>({config}).Build();"), Code($"new ProducerBuilder<string, string>({mended}).Build();"));

    [Theory]
    [InlineData("{|REL2006:new ConsumerConfig { GroupId = \"g\" }|}", "new ConsumerConfig { GroupId = \"g\", AutoOffsetReset = AutoOffsetReset.Earliest }")]
    [InlineData("{|REL2006:new ConsumerConfig { AutoOffsetReset = AutoOffsetReset.Latest }|}", "new ConsumerConfig { AutoOffsetReset = AutoOffsetReset.Earliest }")]
    [InlineData("{|REL2006:new Dictionary<string, string> { { \"group.id\", \"g\" } }|}", "new Dictionary<string, string> { { \"group.id\", \"g\" }, { \"auto.offset.reset\", \"earliest\" } }")]
    public Task A_group_starts_from_the_earliest_record(string config, string mended) => FixOf<OffsetReset, OffsetResetFix>.Mends(
        Client.Kafka1, Code($"new ConsumerBuilder<string, string>({config}).Build();"), Code($"new ConsumerBuilder<string, string>({mended}).Build();"));

    [Theory]
    [InlineData("producer.{|REL2104:ProduceAsync|}(\"t\", message);", "await producer.ProduceAsync(\"t\", message);")]
    [InlineData("_ = producer.{|REL2104:ProduceAsync|}(\"t\", message);", "await producer.ProduceAsync(\"t\", message);")]
    [InlineData("producer.{|REL2104:Produce|}(\"t\", message);", "await producer.ProduceAsync(\"t\", message);")]
    [InlineData("producer.{|REL2104:Produce|}(\"t\", message, null);", "await producer.ProduceAsync(\"t\", message);")]
    public Task A_delivery_is_awaited(string statement, string mended) => FixOf<UnobservedDelivery, UnobservedDeliveryFix>.Mends(Client.Kafka2, Code(statement), Code(mended));

    [Theory]
    [InlineData("{|REL2104:new ProducerConfig { EnableIdempotence = true, EnableDeliveryReports = false }|}", "new ProducerConfig { EnableIdempotence = true, EnableDeliveryReports = true }")]
    [InlineData(
        "{|REL2104:new Dictionary<string, string> { { \"enable.idempotence\", \"true\" }, { \"dotnet.producer.enable.delivery.reports\", \"false\" } }|}",
        "new Dictionary<string, string> { { \"enable.idempotence\", \"true\" }, { \"dotnet.producer.enable.delivery.reports\", \"true\" } }")]
    public Task Delivery_reports_are_turned_on(string config, string mended) => FixOf<UnobservedDelivery, UnobservedDeliveryFix>.Mends(
        Client.Kafka1, Code($"new ProducerBuilder<string, string>({config}).Build();"), Code($"new ProducerBuilder<string, string>({mended}).Build();"));

    [Fact]
    public Task A_function_that_cannot_wait_is_left_to_people() => FixOf<UnobservedDelivery, UnobservedDeliveryFix>.Leaves(
        Client.Kafka2, Code("Send(); void Send() => producer.{|REL2104:Produce|}(\"t\", message);"));

    private static string Code(string statements) => $$"""
        using System.Collections.Generic;
        using System.Threading.Tasks;
        using Confluent.Kafka;

        class Shop
        {
            async Task RunAsync(IProducer<string, string> producer, Message<string, string> message)
            {
                await Task.Yield();
                {{statements}}
            }
        }
        """;
}
