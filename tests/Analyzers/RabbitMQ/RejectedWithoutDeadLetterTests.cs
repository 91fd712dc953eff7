namespace Reliability.Tests.RabbitMQ;

public sealed class RejectedWithoutDeadLetterTests
{
    [Theory]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { await channel.{|REL1006:BasicNackAsync|}(ea.DeliveryTag, false, false); }""", """await channel.QueueDeclareAsync("q", true, false, false, null);""")]
    [InlineData("""await channel.{|REL1006:BasicRejectAsync|}(ea.DeliveryTag, requeue: false);""", """await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-max-priority"] = 5 });""")]
    public Task Version_6_reports(string statements, string before = "", string declared = "") => Handler.SaysAsync<RejectedWithoutDeadLetter>(Client.RabbitMq6, statements, before, declared);

    [Theory]
    [InlineData("""await channel.BasicNackAsync(ea.DeliveryTag, false, false);""")]
    [InlineData("""await channel.BasicNackAsync(ea.DeliveryTag, false, false);""", """await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-dead-letter-exchange"] = "d" });""")]
    [InlineData("""await channel.BasicNackAsync(ea.DeliveryTag, false, false);""", """await channel.QueueDeclareAsync("q", true, false, false, Given.Arguments);""", """static class Given { public static Dictionary<string, object?> Arguments = null!; }""")]
    [InlineData("""await channel.BasicNackAsync(ea.DeliveryTag, false, true);""", """await channel.QueueDeclareAsync("q", true, false, false, null);""")]
    [InlineData("""await channel.BasicNackAsync(ea.DeliveryTag, false, false);""", """await channel.QueueDeclarePassiveAsync("q");""")]
    [InlineData("""await channel.BasicNackAsync(ea.DeliveryTag, false, false);""", """await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });""")]
    public Task Version_6_is_silent(string statements, string before = "", string declared = "") => Handler.SaysAsync<RejectedWithoutDeadLetter>(Client.RabbitMq6, statements, before, declared);

    [Theory]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch { await channel.{|REL1006:BasicNackAsync|}(ea.DeliveryTag, false, false); }""", """await channel.QueueDeclareAsync("q", true, false, false, null);""")]
    [InlineData("""await channel.{|REL1006:BasicRejectAsync|}(ea.DeliveryTag, requeue: false);""", """await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-max-priority"] = 5 });""")]
    public Task Version_7_reports(string statements, string before = "", string declared = "") => Handler.SaysAsync<RejectedWithoutDeadLetter>(Client.RabbitMq7, statements, before, declared);

    [Theory]
    [InlineData("""await channel.BasicNackAsync(ea.DeliveryTag, false, false);""")]
    [InlineData("""await channel.BasicNackAsync(ea.DeliveryTag, false, false);""", """await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-dead-letter-exchange"] = "d" });""")]
    [InlineData("""await channel.BasicNackAsync(ea.DeliveryTag, false, false);""", """await channel.QueueDeclareAsync("q", true, false, false, Given.Arguments);""", """static class Given { public static Dictionary<string, object?> Arguments = null!; }""")]
    [InlineData("""await channel.BasicNackAsync(ea.DeliveryTag, false, true);""", """await channel.QueueDeclareAsync("q", true, false, false, null);""")]
    [InlineData("""await channel.BasicNackAsync(ea.DeliveryTag, false, false);""", """await channel.QueueDeclarePassiveAsync("q");""")]
    [InlineData("""await channel.BasicNackAsync(ea.DeliveryTag, false, false);""", """await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });""")]
    public Task Version_7_is_silent(string statements, string before = "", string declared = "") => Handler.SaysAsync<RejectedWithoutDeadLetter>(Client.RabbitMq7, statements, before, declared);
}
