namespace Reliability.Tests.RabbitMQ;

public sealed class RecoveryOffTests
{
    [Theory]
    [InlineData("""var factory = new ConnectionFactory { AutomaticRecoveryEnabled = {|REL1208:false|} };""")]
    [InlineData("""var factory = new ConnectionFactory { TopologyRecoveryEnabled = {|REL1208:false|} };""")]
    [InlineData("""var factory = new ConnectionFactory(); factory.AutomaticRecoveryEnabled = {|REL1208:false|};""")]
    [InlineData("""const bool Recover = false; var factory = new ConnectionFactory { AutomaticRecoveryEnabled = {|REL1208:Recover|} };""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<RecoveryOff>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""var factory = new ConnectionFactory { AutomaticRecoveryEnabled = true };""")]
    [InlineData("""var factory = new ConnectionFactory { AutomaticRecoveryEnabled = flag };""")]
    [InlineData("""var factory = new ConnectionFactory { AutomaticRecoveryEnabled = false }; connection.ConnectionShutdown += (s, e) => Run(connection, channel, consumer, flag, text, body);""")]
    [InlineData("""var factory = new ConnectionFactory();""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<RecoveryOff>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""var factory = new ConnectionFactory { AutomaticRecoveryEnabled = {|REL1208:false|} };""")]
    [InlineData("""var factory = new ConnectionFactory { TopologyRecoveryEnabled = {|REL1208:false|} };""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<RecoveryOff>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""var factory = new ConnectionFactory { AutomaticRecoveryEnabled = true };""")]
    [InlineData("""var factory = new ConnectionFactory { AutomaticRecoveryEnabled = false }; connection.ConnectionShutdownAsync += (s, e) => Task.CompletedTask;""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<RecoveryOff>(Client.RabbitMq7, statement);
}
