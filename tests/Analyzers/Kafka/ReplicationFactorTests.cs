namespace Reliability.Tests.Kafka;

public sealed class ReplicationFactorTests
{
    [Theory]
    [InlineData("""var t = new TopicSpecification { Name = "t", ReplicationFactor = {|REL2201:1|} };""")]
    [InlineData("""const short Factor = 1; var t = new TopicSpecification { Name = "t", ReplicationFactor = {|REL2201:Factor|}, NumPartitions = 3 };""")]
    [InlineData("""var t = new TopicSpecification(); t.ReplicationFactor = {|REL2201:flag ? (short)1 : (short)3|};""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<ReplicationFactor>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""var t = new TopicSpecification { Name = "t", ReplicationFactor = 3 };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", ReplicationFactor = -1 };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", NumPartitions = 1 };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", ReplicationFactor = short.Parse(topic) };""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<ReplicationFactor>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""var t = new TopicSpecification { Name = "t", ReplicationFactor = {|REL2201:1|} };""")]
    [InlineData("""const short Factor = 1; var t = new TopicSpecification { Name = "t", ReplicationFactor = {|REL2201:Factor|}, NumPartitions = 3 };""")]
    [InlineData("""var t = new TopicSpecification(); t.ReplicationFactor = {|REL2201:flag ? (short)1 : (short)3|};""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<ReplicationFactor>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""var t = new TopicSpecification { Name = "t", ReplicationFactor = 3 };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", ReplicationFactor = -1 };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", NumPartitions = 1 };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", ReplicationFactor = short.Parse(topic) };""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<ReplicationFactor>(Client.Kafka2, statements, members);
}
