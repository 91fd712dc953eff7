namespace Reliability.Tests.RabbitMQ;

public sealed class SharedChannelTests
{
    [Theory]
    [InlineData("""Parallel.For(0, 10, i => channel.{|REL1206:BasicPublish|}("x", "k", null, body));""")]
    [InlineData("""Parallel.ForEach(text, c => { channel.{|REL1206:BasicPublish|}("x", "k", null, body); });""")]
    [InlineData("""Parallel.Invoke(() => channel.{|REL1206:BasicPublish|}("x", "k", null, body), () => { });""")]
    [InlineData("""foreach (var c in text) Task.Run(() => channel.{|REL1206:BasicPublish|}("x", "k", null, body));""")]
    [InlineData("""Task.WaitAll(text.Select(c => Task.Run(() => channel.{|REL1206:BasicPublish|}("x", "k", null, body))).ToArray());""")]
    [InlineData("""Task.WaitAll(Task.Run(() => channel.{|REL1206:BasicPublish|}("x", "k", null, body)), Task.Run(() => channel.{|REL1206:BasicPublish|}("y", "k", null, body)));""")]
    [InlineData("""var all = Task.WhenAll(text.Select(async c => { await Task.Delay(1); channel.{|REL1206:BasicPublish|}("x", "k", null, body); }));""")]
    [InlineData("""var all = Task.WhenAll(new[] { Task.Run(() => channel.{|REL1206:BasicPublish|}("x", "k", null, body)), Task.Run(() => channel.{|REL1206:BasicPublish|}("y", "k", null, body)) });""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<SharedChannel>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""Parallel.For(0, 10, i => { using var own = connection.CreateModel(); own.BasicPublish("x", "k", null, body); });""")]
    [InlineData("""Parallel.For(0, 10, i => { lock (channel) channel.BasicPublish("x", "k", null, body); });""")]
    [InlineData("""Task.Run(() => channel.BasicPublish("x", "k", null, body));""")]
    [InlineData("""foreach (var c in text) channel.BasicPublish("x", "k", null, body);""")]
    [InlineData("""foreach (var c in text) { var own = connection.CreateModel(); Task.Run(() => own.BasicPublish("x", "k", null, body)); }""")]
    [InlineData("""Parallel.For(0, 10, () => connection.CreateModel(), (i, state, own) => { own.BasicPublish("x", "k", null, body); return own; }, own => own.Dispose());""")]
    [InlineData("""Task.WaitAll(Task.Run(() => channel.BasicPublish("x", "k", null, body)), Task.Run(() => Console.WriteLine(text)));""")]
    [InlineData("""var all = Task.WhenAll(text.Select(async c => { channel.BasicPublish("x", "k", null, body); await Task.Delay(1); }));""")]
    [InlineData("""var all = Task.WhenAll(text.Select(async c => { using var own = connection.CreateModel(); await Task.Delay(1); own.BasicPublish("x", "k", null, body); }));""")]
    [InlineData("""var gate = new SemaphoreSlim(1); var all = Task.WhenAll(text.Select(async c => { await gate.WaitAsync(); channel.BasicPublish("x", "k", null, body); gate.Release(); }));""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<SharedChannel>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""await Parallel.ForEachAsync(text, async (c, token) => await channel.{|REL1206:BasicPublishAsync|}("x", "k", body));""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<SharedChannel>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await Task.WhenAll(text.Select(c => channel.BasicPublishAsync("x", "k", body).AsTask()));""")]
    [InlineData("""var gate = new SemaphoreSlim(1); await Parallel.ForEachAsync(text, async (c, token) => { await gate.WaitAsync(token); await channel.BasicPublishAsync("x", "k", body); gate.Release(); });""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<SharedChannel>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""public static class Bus { private static readonly IModel Channel = null; public static void Send(byte[] body) => Channel.{|REL1206:BasicPublish|}("x", "k", null, body); }""")]
    [InlineData("""public class Bus { internal static IModel Channel { get; set; } public void Send(byte[] body) { if (body.Length > 0) Channel.{|REL1206:BasicPublish|}("x", "k", null, body); } }""")]
    [InlineData("""public static class Holder { public static IModel Channel = null; } public class Orders { public void Send(byte[] body) => Holder.Channel.{|REL1206:BasicPublish|}("x", "k", null, body); }""")]
    public Task A_static_channel_of_version_6_is_reported(string types) => Verify.FileAsync<SharedChannel>(Client.RabbitMq6, types);

    [Theory]
    [InlineData("""public static class Bus { private static readonly IModel Channel = null; public static void Send(byte[] body) { lock (Channel) Channel.BasicPublish("x", "k", null, body); } }""")]
    [InlineData("""public static class Bus { private static readonly IModel Channel = null; private static readonly SemaphoreSlim Gate = new(1); public static void Send(byte[] body) { Gate.Wait(); Channel.BasicPublish("x", "k", null, body); Gate.Release(); } }""")]
    [InlineData("""public static class Bus { [ThreadStatic] private static IModel Channel; public static void Send(byte[] body) => Channel.BasicPublish("x", "k", null, body); }""")]
    [InlineData("""public class Bus { private readonly IModel _channel = null; public void Send(byte[] body) => _channel.BasicPublish("x", "k", null, body); }""")]
    [InlineData("""public static class Program { private static readonly IModel Channel = null; public static void Main() => Send(new byte[1]); public static void Send(byte[] body) => Channel.BasicPublish("x", "k", null, body); }""")]
    [InlineData("""public static class Bus { private static readonly IModel Channel = null; static Bus() => Channel.BasicPublish("x", "k", null, new byte[1]); }""")]
    public Task Others_are_not(string types) => Verify.FileAsync<SharedChannel>(Client.RabbitMq6, types);

    [Fact]
    public Task Version_7_guards_its_channels() => Verify.FileAsync<SharedChannel>(
        Client.RabbitMq7, """public static class Bus { private static readonly IChannel Channel = null; public static async Task SendAsync(byte[] body) => await Channel.BasicPublishAsync("x", "k", body); }""");
}
