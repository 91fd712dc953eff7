namespace Reliability.Tests.RabbitMQ;

public sealed class UnobservedConfirmTests
{
    [Theory]
    [InlineData("""var own = connection.CreateModel(); own.{|REL1203:ConfirmSelect|}(); own.BasicPublish("x", "k", null, body);""")]
    [InlineData("""channel.{|REL1203:WaitForConfirms|}();""")]
    [InlineData("""channel?.{|REL1203:WaitForConfirms|}();""")]
    [InlineData("""if (channel.{|REL1203:WaitForConfirms|}(TimeSpan.FromSeconds(5))) return;""")]
    [InlineData("""channel.{|REL1203:WaitForConfirms|}(TimeSpan.FromSeconds(5));""")]
    [InlineData("""var own = connection.CreateModel(); own.{|REL1203:ConfirmSelect|}(); var batch = own.CreateBasicPublishBatch(); batch.Publish();""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<UnobservedConfirm>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""var own = connection.CreateModel(); own.ConfirmSelect(); own.BasicPublish("x", "k", null, body); own.WaitForConfirmsOrDie();""")]
    [InlineData("""var own = connection.CreateModel(); own.ConfirmSelect(); own.BasicAcks += (s, e) => { }; own.BasicPublish("x", "k", null, body);""")]
    [InlineData("""var own = connection.CreateModel(); own.ConfirmSelect(); own.BasicPublish("x", "k", null, body); if (!own.WaitForConfirms(TimeSpan.FromSeconds(1), out var late) || late) throw new Exception();""")]
    [InlineData("""channel.ConfirmSelect(); channel.BasicPublish("x", "k", null, body);""")]
    [InlineData("""var own = connection.CreateModel(); own.ConfirmSelect();""")]
    [InlineData("""if (!channel.WaitForConfirms()) throw new Exception();""")]
    [InlineData("""var ok = channel.WaitForConfirms();""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<UnobservedConfirm>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""channel.{|REL1203:BasicPublishAsync|}("x", "k", body);""")]
    [InlineData("""_ = channel.{|REL1203:BasicPublishAsync|}("x", "k", body);""")]
    [InlineData("""_ = channel.{|REL1203:BasicPublishAsync|}("x", "k", body).AsTask();""")]
    [InlineData("""var own = await connection.CreateChannelAsync(new CreateChannelOptions(true, false)); await own.{|REL1203:BasicPublishAsync|}("x", "k", body);""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<UnobservedConfirm>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await channel.BasicPublishAsync("x", "k", body);""")]
    [InlineData("""var task = channel.BasicPublishAsync("x", "k", body); await task;""")]
    [InlineData("""var own = await connection.CreateChannelAsync(new CreateChannelOptions(true, true)); await own.BasicPublishAsync("x", "k", body);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(new CreateChannelOptions(true, false)); own.BasicAcksAsync += async (s, e) => await Task.Yield(); await own.BasicPublishAsync("x", "k", body);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(); await own.BasicPublishAsync("x", "k", body);""")]
    [InlineData("""_ = channel.BasicPublishAsync("x", "k", body).AsTask().ContinueWith(t => Console.WriteLine(t.Exception));""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<UnobservedConfirm>(Client.RabbitMq7, statement);
}
