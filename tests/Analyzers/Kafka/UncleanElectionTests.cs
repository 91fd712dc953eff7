namespace Reliability.Tests.Kafka;

public sealed class UncleanElectionTests
{
    [Theory]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { {|REL2203:["unclean.leader.election.enable"] = "true"|} } };""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<UncleanElection>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { ["unclean.leader.election.enable"] = "false" } };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { ["cleanup.policy"] = "compact" } };""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<UncleanElection>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { {|REL2203:["unclean.leader.election.enable"] = "true"|} } };""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<UncleanElection>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { ["unclean.leader.election.enable"] = "false" } };""")]
    [InlineData("""var t = new TopicSpecification { Name = "t", Configs = new Dictionary<string, string> { ["cleanup.policy"] = "compact" } };""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<UncleanElection>(Client.Kafka2, statements, members);
}
