namespace Reliability.Tests.RabbitMQ;

public sealed class BodyOutlivesHandlerTests
{
    [Theory]
    [InlineData("""queue.Enqueue({|REL1010:ea.Body|});""", """var queue = new Queue<ReadOnlyMemory<byte>>();""")]
    [InlineData("""queue.Add((ea.DeliveryTag, {|REL1010:ea.Body|}));""", """var queue = new System.Collections.Concurrent.BlockingCollection<(ulong, ReadOnlyMemory<byte>)>();""")]
    [InlineData("""pipe.Writer.TryWrite(new Item { Body = {|REL1010:ea.Body|} });""", """var pipe = System.Threading.Channels.Channel.CreateUnbounded<Item>();""", """class Item { public ReadOnlyMemory<byte> Body; }""")]
    [InlineData("""_last = {|REL1010:ea.Body|};""", "", """private ReadOnlyMemory<byte> _last;""")]
    [InlineData("""Task.Run(() => _store.SaveFailed({|REL1010:ea.Body|}.ToArray()));""")]
    [InlineData("""_ = Task.Run(async () => { await Task.Yield(); _store.SaveFailed({|REL1010:ea.Body|}.ToArray()); });""")]
    [InlineData("""ThreadPool.QueueUserWorkItem(_ => _store.SaveFailed({|REL1010:ea.Body|}.ToArray()));""")]
    public Task Version_6_reports(string statements, string before = "", string declared = "") => Handler.SaysAsync<BodyOutlivesHandler>(Client.RabbitMq6, statements, before, declared);

    [Theory]
    [InlineData("""var body = ea.Body.ToArray(); Task.Run(() => _store.SaveFailed(body));""")]
    [InlineData("""queue.Enqueue(ea.Body.ToArray());""", """var queue = new Queue<byte[]>();""")]
    [InlineData("""_store.SaveFailed(ea.Body.ToArray());""")]
    [InlineData("""var body = ea.Body; Console.WriteLine(body.Length);""")]
    [InlineData("""var work = Task.Run(() => _store.SaveFailed(ea.Body.ToArray())); work.Wait();""")]
    [InlineData("""queue.Enqueue(ea.Body.Length);""", """var queue = new Queue<int>();""")]
    [InlineData("""_text = Encoding.UTF8.GetString(ea.Body.Span);""", "", """private string _text = "";""")]
    public Task Version_6_is_silent(string statements, string before = "", string declared = "") => Handler.SaysAsync<BodyOutlivesHandler>(Client.RabbitMq6, statements, before, declared);

    [Theory]
    [InlineData("""queue.Enqueue({|REL1010:ea.Body|});""", """var queue = new Queue<ReadOnlyMemory<byte>>();""")]
    [InlineData("""queue.Add((ea.DeliveryTag, {|REL1010:ea.Body|}));""", """var queue = new System.Collections.Concurrent.BlockingCollection<(ulong, ReadOnlyMemory<byte>)>();""")]
    [InlineData("""pipe.Writer.TryWrite(new Item { Body = {|REL1010:ea.Body|} });""", """var pipe = System.Threading.Channels.Channel.CreateUnbounded<Item>();""", """class Item { public ReadOnlyMemory<byte> Body; }""")]
    [InlineData("""_last = {|REL1010:ea.Body|};""", "", """private ReadOnlyMemory<byte> _last;""")]
    [InlineData("""Task.Run(() => _store.SaveFailed({|REL1010:ea.Body|}.ToArray()));""")]
    [InlineData("""_ = Task.Run(async () => { await Task.Yield(); _store.SaveFailed({|REL1010:ea.Body|}.ToArray()); });""")]
    [InlineData("""ThreadPool.QueueUserWorkItem(_ => _store.SaveFailed({|REL1010:ea.Body|}.ToArray()));""")]
    public Task Version_7_reports(string statements, string before = "", string declared = "") => Handler.SaysAsync<BodyOutlivesHandler>(Client.RabbitMq7, statements, before, declared);

    [Theory]
    [InlineData("""var body = ea.Body.ToArray(); Task.Run(() => _store.SaveFailed(body));""")]
    [InlineData("""queue.Enqueue(ea.Body.ToArray());""", """var queue = new Queue<byte[]>();""")]
    [InlineData("""_store.SaveFailed(ea.Body.ToArray());""")]
    [InlineData("""var body = ea.Body; Console.WriteLine(body.Length);""")]
    [InlineData("""var work = Task.Run(() => _store.SaveFailed(ea.Body.ToArray())); work.Wait();""")]
    [InlineData("""queue.Enqueue(ea.Body.Length);""", """var queue = new Queue<int>();""")]
    [InlineData("""_text = Encoding.UTF8.GetString(ea.Body.Span);""", "", """private string _text = "";""")]
    public Task Version_7_is_silent(string statements, string before = "", string declared = "") => Handler.SaysAsync<BodyOutlivesHandler>(Client.RabbitMq7, statements, before, declared);
}
