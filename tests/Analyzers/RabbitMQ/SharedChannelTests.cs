namespace Reliability.Tests.RabbitMQ;

public sealed class SharedChannelTests
{
    [Theory]
    [InlineData("""Parallel.For(0, 10, i => channel.{|REL1206:BasicPublish|}("x", "k", null, body));""")]
    [InlineData("""Parallel.ForEach(text, c => { channel.{|REL1206:BasicPublish|}("x", "k", null, body); });""")]
    [InlineData("""Parallel.Invoke(() => channel.{|REL1206:BasicPublish|}("x", "k", null, body), () => { });""")]
    [InlineData("""foreach (var c in text) Task.Run(() => channel.{|REL1206:BasicPublish|}("x", "k", null, body));""")]
    [InlineData("""Task.WaitAll(text.Select(c => Task.Run(() => channel.{|REL1206:BasicPublish|}("x", "k", null, body))).ToArray());""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<SharedChannel>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""Parallel.For(0, 10, i => { using var own = connection.CreateModel(); own.BasicPublish("x", "k", null, body); });""")]
    [InlineData("""Parallel.For(0, 10, i => { lock (channel) channel.BasicPublish("x", "k", null, body); });""")]
    [InlineData("""Task.Run(() => channel.BasicPublish("x", "k", null, body));""")]
    [InlineData("""foreach (var c in text) channel.BasicPublish("x", "k", null, body);""")]
    [InlineData("""foreach (var c in text) { var own = connection.CreateModel(); Task.Run(() => own.BasicPublish("x", "k", null, body)); }""")]
    [InlineData("""Parallel.For(0, 10, () => connection.CreateModel(), (i, state, own) => { own.BasicPublish("x", "k", null, body); return own; }, own => own.Dispose());""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<SharedChannel>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""await Parallel.ForEachAsync(text, async (c, token) => await channel.{|REL1206:BasicPublishAsync|}("x", "k", body));""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<SharedChannel>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await Task.WhenAll(text.Select(c => channel.BasicPublishAsync("x", "k", body).AsTask()));""")]
    [InlineData("""var gate = new SemaphoreSlim(1); await Parallel.ForEachAsync(text, async (c, token) => { await gate.WaitAsync(token); await channel.BasicPublishAsync("x", "k", body); gate.Release(); });""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<SharedChannel>(Client.RabbitMq7, statement);
}
