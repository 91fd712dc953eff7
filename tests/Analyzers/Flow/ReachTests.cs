namespace Reliability.Tests.Flow;

/// <summary>Channels that more than their own type can see, and constructors that hand one over.</summary>
public sealed class ReachTests
{
    [Theory]
    [InlineData("internal IModel Channel;")]
    [InlineData("public readonly IModel Channel;")]
    [InlineData("public IModel Channel { get; }")]
    [InlineData("public IModel Channel { get; private set; }")]
    [InlineData("public IModel Channel { get; set; }")]
    [InlineData("internal static IModel Channel { get; set; }")]
    public Task A_channel_that_its_own_type_makes_is_followed_wherever_it_is_seen(string member) => Verify.FilesAsync<MissingConfirms>(Client.RabbitMq6, [
        $$"""
        public class Session
        {
            {{member}}
            public Session(IConnection connection) => Channel = connection.CreateModel();
        }
        """,
        """
        public class Publisher
        {
            public void Publish(IConnection connection, byte[] body)
            {
                var session = new Session(connection);
                MEMBER.{|REL1202:BasicPublish|}("x", "k", null, body);
            }
        }
        """.Replace("MEMBER", member.Contains("static", StringComparison.Ordinal) ? "Session.Channel" : "session.Channel", StringComparison.Ordinal)]);

    [Theory]
    [InlineData("public IModel Channel { get; }", "session.Channel.ConfirmSelect();")]
    [InlineData("internal IModel Channel;", "Prepare(session.Channel);")]
    public Task What_another_type_does_to_it_counts(string member, string statement) => Verify.FilesAsync<MissingConfirms>(Client.RabbitMq6, [
        $$"""
        public class Session
        {
            {{member}}
            public Session(IConnection connection) => Channel = connection.CreateModel();
        }
        """,
        $$"""
        public class Publisher
        {
            public void Publish(IConnection connection, byte[] body)
            {
                var session = new Session(connection);
                {{statement}}
                session.Channel.BasicPublish("x", "k", null, body);
            }
            private static void Prepare(IModel model) => model.ConfirmSelect();
        }
        """]);

    [Fact]
    public Task A_channel_that_only_others_set_is_unknown_in_a_library_and_known_in_a_program()
    {
        const string Code = """
            public class Settings { public IModel Channel { get; set; } }
            public class Publisher
            {
                private readonly Settings _settings;
                public Publisher(IConnection connection) => _settings = new Settings { Channel = connection.CreateModel() };
                public void Publish(byte[] body) => _settings.Channel.NAME("x", "k", null, body);
            }
            """;
        return Task.WhenAll(
            Verify.FileAsync<MissingConfirms>(Client.RabbitMq6, Code.Replace("NAME", "BasicPublish", StringComparison.Ordinal)),
            Verify.ProgramAsync<MissingConfirms>(Client.RabbitMq6, "Console.WriteLine();\n" + Code.Replace("NAME", "{|REL1202:BasicPublish|}", StringComparison.Ordinal)));
    }

    [Fact]
    public Task An_interface_of_the_project_reaches_the_same_channel() => Verify.FileAsync<MissingConfirms>(Client.RabbitMq6, """
        public interface IBus { IModel Channel { get; set; } }
        public interface ISafeBus { IModel Channel { get; } }
        public class Bus : IBus
        {
            public Bus(IConnection connection) => Channel = connection.CreateModel();
            public IModel Channel { get; set; }
            public void Publish(byte[] body) => Channel.{|REL1202:BasicPublish|}("x", "k", null, body);
        }
        public class SafeBus : ISafeBus
        {
            public SafeBus(IConnection connection) => Channel = connection.CreateModel();
            public IModel Channel { get; }
            public void Publish(byte[] body) => Channel.BasicPublish("x", "k", null, body);
        }
        public class Start { public void Run(ISafeBus bus) => bus.Channel.ConfirmSelect(); }
        """);

    [Theory]
    [InlineData("private readonly IModel _channel; public Publisher(IModel channel) => _channel = channel; public void Publish(byte[] body) => _channel.{|REL1202:BasicPublish|}(\"x\", \"k\", null, body);", "")]
    [InlineData("public void Publish(byte[] body) => channel.{|REL1202:BasicPublish|}(\"x\", \"k\", null, body);", "(IModel channel)")]
    public Task A_channel_is_followed_into_constructors_that_only_this_project_can_call(string members, string primary) => Verify.FileAsync<MissingConfirms>(Client.RabbitMq6, $$"""
        class Publisher{{primary}}
        {
            {{members}}
        }
        class Shop
        {
            public void Run(IConnection connection, byte[] body)
            {
                var channel = connection.CreateModel();
                Publisher publisher = new(channel);
                publisher.Publish(body);
            }
        }
        """);

    [Theory]
    [InlineData("channel.ConfirmSelect();", "", "class")]
    [InlineData("", "void Add<T>() { } void Register() => Add<Publisher>();", "class")]
    [InlineData("", "object Register() => typeof(Publisher);", "class")]
    [InlineData("", "", "public class")]
    public Task A_constructor_that_others_may_call_tells_nothing(string statement, string other, string type) => Verify.FileAsync<MissingConfirms>(Client.RabbitMq6, $$"""
        {{type}} Publisher
        {
            private readonly IModel _channel;
            public Publisher(IModel channel) => _channel = channel;
            public void Publish(byte[] body) => _channel.BasicPublish("x", "k", null, body);
        }
        class Shop
        {
            public void Run(IConnection connection, byte[] body)
            {
                var channel = connection.CreateModel();
                {{statement}}
                new Publisher(channel).Publish(body);
            }
            {{other}}
        }
        """);

    [Fact]
    public Task Version_7_settles_confirms_where_the_channel_is_created_whoever_gets_it_then() => Verify.FileAsync<MissingConfirms>(Client.RabbitMq7, """
        public class Publisher(IConnection connection, Action<IChannel> others)
        {
            public IChannel? Channel { get; private set; }
            public async Task PublishAsync(byte[] body)
            {
                Channel ??= await connection.CreateChannelAsync();
                others(Channel);
                await Channel.{|REL1202:BasicPublishAsync|}("x", "k", body);
            }
        }
        public class Confirmed(IConnection connection, Action<IChannel> others)
        {
            public async Task PublishAsync(byte[] body)
            {
                var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
                others(channel);
                await channel.BasicPublishAsync("x", "k", body);
            }
        }
        """);

    [Theory]
    [InlineData("services.AddSingleton<IModel>(given => { var made = given.CreateConnection().CreateModel(); return made; });", true)]
    [InlineData("services.AddSingleton(given => given.CreateConnection().CreateModel());", true)]
    [InlineData("services.AddSingleton<IModel>(given => { var made = given.CreateConnection().CreateModel(); made.ConfirmSelect(); return made; });", false)]
    [InlineData("services.AddSingleton<IModel>(Other.Make);", false)]
    public Task A_container_hands_out_what_the_program_registers(string registration, bool isReported) => Verify.ProgramAsync<MissingConfirms>(Client.RabbitMq6, $$"""
        var services = new Services();
        {{registration}}
        class Services { public void AddSingleton<T>(Func<IConnectionFactory, T> make) { } }
        static class Other { public static Func<IConnectionFactory, IModel> Make = null!; }
        class Publisher(IModel channel)
        {
            private readonly IModel _channel = channel;
            public void Publish(byte[] body) => _channel.{{(isReported ? "{|REL1202:BasicPublish|}" : "BasicPublish")}}("x", "k", null, body);
        }
        class Typed(Publisher publisher) { public Publisher Publisher => publisher; }
        """);
}
