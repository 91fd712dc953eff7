namespace Reliability.Tests.RabbitMQ;

public sealed class TransactionalChannelTests
{
    [Theory]
    [InlineData("""channel.{|REL1205:TxSelect|}();""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<TransactionalChannel>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""channel.TxCommit();""")]
    [InlineData("""channel.ConfirmSelect();""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<TransactionalChannel>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""await channel.{|REL1205:TxSelectAsync|}();""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<TransactionalChannel>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await channel.TxCommitAsync();""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<TransactionalChannel>(Client.RabbitMq7, statement);
}
