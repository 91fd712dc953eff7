namespace Reliability.Tests.Kafka;

public sealed class MinInSyncReplicasTests
{
    [Theory]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { {|REL2202:{ "min.insync.replicas", "1" }|} } };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { {|REL2202:["min.insync.replicas"] = "1"|} } };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", ReplicationFactor = 3, Configs = new Dictionary<string, string> { {|REL2202:["min.insync.replicas"] = "3"|} } };""")]
    [InlineData("""var configs = new Dictionary<string, string>(); configs["min.insync.replicas"] = "1"; var t = new TopicSpecification { Name = "t", Configs = {|REL2202:configs|} };""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<MinInSyncReplicas>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""var t = new TopicSpecification { Name = "t", ReplicationFactor = 3, Configs = new Dictionary<string, string> { ["min.insync.replicas"] = "2" } };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { ["min.insync.replicas"] = "2" } };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { ["retention.ms"] = "1" } };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { ["min.insync.replicas"] = topic } };""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<MinInSyncReplicas>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { {|REL2202:{ "min.insync.replicas", "1" }|} } };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { {|REL2202:["min.insync.replicas"] = "1"|} } };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", ReplicationFactor = 3, Configs = new Dictionary<string, string> { {|REL2202:["min.insync.replicas"] = "3"|} } };""")]
    [InlineData("""var configs = new Dictionary<string, string>(); configs["min.insync.replicas"] = "1"; var t = new TopicSpecification { Name = "t", Configs = {|REL2202:configs|} };""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<MinInSyncReplicas>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""var t = new TopicSpecification { Name = "t", ReplicationFactor = 3, Configs = new Dictionary<string, string> { ["min.insync.replicas"] = "2" } };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { ["min.insync.replicas"] = "2" } };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { ["retention.ms"] = "1" } };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { ["min.insync.replicas"] = topic } };""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<MinInSyncReplicas>(Client.Kafka2, statements, members);
}
