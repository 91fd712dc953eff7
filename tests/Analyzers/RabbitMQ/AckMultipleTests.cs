namespace Reliability.Tests.RabbitMQ;

public sealed class AckMultipleTests
{
    [Theory]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, {|REL1004:true|});""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, {|REL1004:true|});""", """await channel.BasicQosAsync(0, 10, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, {|REL1004:true|}); } catch { await channel.BasicNackAsync(ea.DeliveryTag, false, false); }""")]
    [InlineData("""await channel.BasicAckAsync(deliveryTag: ea.DeliveryTag, multiple: {|REL1004:stopping ? true : false|});""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); if (order != null) { _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, {|REL1004:true|}); }""")]
    public Task Version_6_reports(string statements, string before = "", string declared = "") => Handler.SaysAsync<AckMultiple>(Client.RabbitMq6, statements, before, declared);

    [Theory]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, true);""", """await channel.BasicQosAsync(0, 1, false);""")]
    [InlineData("""if (++handled % 100 == 0) await channel.BasicAckAsync(ea.DeliveryTag, true);""", """var handled = 0;""")]
    [InlineData("""channel = other; await channel.BasicAckAsync(ea.DeliveryTag, true);""", """var other = channel; other = Outside.Channel;""", """static class Outside { public static IChannel Channel = null!; }""")]
    [InlineData("""await channel.BasicAckAsync(ea.DeliveryTag, stopping);""")]
    [InlineData("""if (ea.DeliveryTag % 10 == 0) await channel.BasicAckAsync(ea.DeliveryTag, true);""")]
    public Task Version_6_is_silent(string statements, string before = "", string declared = "") => Handler.SaysAsync<AckMultiple>(Client.RabbitMq6, statements, before, declared);

    [Theory]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, {|REL1004:true|});""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, {|REL1004:true|});""", """await channel.BasicQosAsync(0, 10, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, {|REL1004:true|}); } catch { await channel.BasicNackAsync(ea.DeliveryTag, false, false); }""")]
    [InlineData("""await channel.BasicAckAsync(deliveryTag: ea.DeliveryTag, multiple: {|REL1004:stopping ? true : false|});""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); if (order != null) { _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, {|REL1004:true|}); }""")]
    public Task Version_7_reports(string statements, string before = "", string declared = "") => Handler.SaysAsync<AckMultiple>(Client.RabbitMq7, statements, before, declared);

    [Theory]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, true);""", """await channel.BasicQosAsync(0, 1, false);""")]
    [InlineData("""if (++handled % 100 == 0) await channel.BasicAckAsync(ea.DeliveryTag, true);""", """var handled = 0;""")]
    [InlineData("""channel = other; await channel.BasicAckAsync(ea.DeliveryTag, true);""", """var other = channel; other = Outside.Channel;""", """static class Outside { public static IChannel Channel = null!; }""")]
    [InlineData("""await channel.BasicAckAsync(ea.DeliveryTag, stopping);""")]
    [InlineData("""if (ea.DeliveryTag % 10 == 0) await channel.BasicAckAsync(ea.DeliveryTag, true);""")]
    public Task Version_7_is_silent(string statements, string before = "", string declared = "") => Handler.SaysAsync<AckMultiple>(Client.RabbitMq7, statements, before, declared);
}
