namespace Reliability.Tests.Flow;

/// <summary>Channels that are kept in dictionaries, lists and pools of one's own.</summary>
public sealed class CollectionTests
{
    [Theory]
    [InlineData("private readonly System.Collections.Concurrent.ConcurrentDictionary<string, IModel> _all = new();", "_all.GetOrAdd(name, key => connection.CreateModel())")]
    [InlineData("private readonly System.Collections.Concurrent.ConcurrentDictionary<string, IModel> _all = new();", "_all.GetOrAdd(name, Make)")]
    [InlineData("private readonly Dictionary<string, IModel> _all = new();", "Known(name)")]
    [InlineData("private readonly List<IModel> _all = new List<IModel>();", "FirstOf()")]
    public Task A_channel_out_of_a_collection_is_one_that_was_put_in(string field, string get)
    {
        static string Code(string field, string get, string selected, string publish) => $$"""
            class Publisher(IConnection connection)
            {
                {{field}}
                private IModel Make(string name) { var made = connection.CreateModel(); {{selected}} return made; }
                {{(get.StartsWith("Known", StringComparison.Ordinal) ? "private IModel Known(string name) { if (!_all.TryGetValue(name, out var kept)) { kept = Make(name); _all[name] = kept; } return kept; }" : "")}}
                {{(get.StartsWith("FirstOf", StringComparison.Ordinal) ? "public void Start() { _all.Add(Make(\"\")); } private IModel FirstOf() => _all.First();" : "")}}
                public void Publish(string name, byte[] body) => {{get}}.{{publish}}("x", "k", null, body);
                public void Dispose() { foreach (var one in _all{{(field.Contains("Dictionary", StringComparison.Ordinal) ? ".Values" : "")}}) one.Dispose(); }
            }
            """;
        return Task.WhenAll(
            Verify.FileAsync<MissingConfirms>(Client.RabbitMq6, Code(field, get, "", "{|REL1202:BasicPublish|}")),
            Verify.FileAsync<MissingConfirms>(Client.RabbitMq6, Code(field, get.Replace("connection.CreateModel()", "Make(key)", StringComparison.Ordinal), "made.ConfirmSelect();", "BasicPublish")));
    }

    [Theory]
    [InlineData("", "{|REL1202:BasicPublish|}")]
    [InlineData("made.ConfirmSelect();", "BasicPublish")]
    public Task A_pool_gives_back_what_it_was_given(string selected, string publish) => Verify.FileAsync<MissingConfirms>(Client.RabbitMq6, $$"""
        class Publisher(IConnection connection)
        {
            private readonly System.Collections.Concurrent.ConcurrentQueue<IModel> _idle = new();
            private IModel Rent()
            {
                if (_idle.TryDequeue(out var kept))
                    return kept;
                var made = connection.CreateModel();
                {{selected}}
                return made;
            }
            public void Publish(byte[] body)
            {
                var channel = Rent();
                try
                {
                    channel.{{publish}}("x", "k", null, body);
                }
                finally
                {
                    _idle.Enqueue(channel);
                }
            }
        }
        """);

    [Theory]
    [InlineData("var all = new List<IModel>(); var own = connection.CreateModel(); all.Add(own); all[0].ConfirmSelect(); own.BasicPublish(\"x\", \"k\", null, body);")]
    [InlineData("var all = new List<IModel> { channel }; all.Add(connection.CreateModel()); all[0].BasicPublish(\"x\", \"k\", null, body);")]
    [InlineData("var all = new List<IModel>(); all.Add(connection.CreateModel()); Others(all); all[0].BasicPublish(\"x\", \"k\", null, body); void Others(List<IModel> given) => given.Add(channel);")]
    [InlineData("var all = new List<IModel>(); all.Add(connection.CreateModel()); all.ForEach(one => one.ConfirmSelect()); all[0].BasicPublish(\"x\", \"k\", null, body);")]
    [InlineData("var all = new List<IModel>(); all.Add(connection.CreateModel()); foreach (var one in all) one.ConfirmSelect(); all[0].BasicPublish(\"x\", \"k\", null, body);")]
    [InlineData("var all = new Queue<IModel>(); all.Enqueue(connection.CreateModel()); all.Enqueue(channel); all.Dequeue().BasicPublish(\"x\", \"k\", null, body);")]
    public Task What_else_goes_in_or_is_done_to_one_of_them_counts(string statements) => Verify.BodyAsync<MissingConfirms>(Client.RabbitMq6, statements);

    [Fact]
    public Task Version_7_keeps_the_tasks_that_make_them() => Verify.FileAsync<MissingConfirms>(Client.RabbitMq7, """
        class Publisher(IConnection connection, CreateChannelOptions options)
        {
            private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Task<IChannel>> _all = new();
            private readonly System.Collections.Concurrent.ConcurrentDictionary<string, IChannel> _given = new();
            public async Task PublishAsync(string name, byte[] body)
            {
                var channel = await _all.GetOrAdd(name, _ => connection.CreateChannelAsync());
                await channel.{|REL1202:BasicPublishAsync|}("x", "k", body);
                _given[name] = await connection.CreateChannelAsync(options);
                await _given[name].BasicPublishAsync("x", "k", body);
            }
        }
        """);

    [Fact]
    public Task A_consumer_of_ones_own_hands_on_the_channel_that_it_was_made_for() => Verify.FileAsync<MissingConfirms>(Client.RabbitMq7, """
        class Noisy(IChannel channel, string name) : AsyncEventingBasicConsumer(channel) { public string Name => name; }
        class Worker
        {
            public async Task StartAsync(IConnection connection, byte[] body)
            {
                var channel = await connection.CreateChannelAsync();
                var consumer = new Noisy(channel, "n");
                consumer.ReceivedAsync += async (sender, ea) => await ((AsyncEventingBasicConsumer)sender).Channel.{|REL1202:BasicPublishAsync|}("x", "k", ea.Body);
                await channel.BasicConsumeAsync("q", false, consumer);
            }
        }
        """);
}
