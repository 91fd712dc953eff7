namespace Reliability.Tests.Kafka;

public sealed class AcksNotAllTests
{
    public static TheoryData<Client, string> Reported => Matrix(
        """var config = new ProducerConfig { Acks = {|REL2101:Acks.Leader|} };""",
        """var config = new ProducerConfig { Acks = {|REL2101:Acks.None|} }; new ProducerBuilder<Null, string>(config).Build();""",
        """var config = new ProducerConfig(); config.Acks = {|REL2101:Acks.Leader|}; new ProducerBuilder<Null, string>(config);""",
        """new ProducerBuilder<Null, string>(new ProducerConfig { Acks = {|REL2101:Acks.Leader|} });""",
        """ProducerConfig config = new() { Acks = {|REL2101:topic == "" ? Acks.All : Acks.Leader|} };""",
        """var acks = Acks.None; var config = new ProducerConfig { Acks = {|REL2101:acks|} };""",
        """var config = new ClientConfig { Acks = {|REL2101:(Acks)1|} };""",
        """var config = new ProducerConfig(); config.Set("acks", {|REL2101:"1"|});""",
        """var config = new ProducerConfig(); config.Set("request.required.acks", {|REL2101:"0"|});""",
        """var config = new ProducerConfig(); config.Set(val: {|REL2101:"1"|}, key: "topic.acks");""",
        """var config = new ProducerConfig(); config.Set("topic.request.required.acks", {|REL2101:"2"|});""",
        """new ProducerBuilder<Null, string>(new Dictionary<string, string> { ["acks"] = {|REL2101:"1"|} });""",
        """var config = new Dictionary<string, string> { { "acks", {|REL2101:"0"|} } }; new ProducerBuilder<Null, string>(config);""",
        """var config = new Dictionary<string, string>(); config["acks"] = {|REL2101:"0"|}; var typed = new ProducerConfig(config);""",
        """new ProducerBuilder<Null, string>(new[] { new KeyValuePair<string, string>("acks", {|REL2101:"1"|}) });""",
        """new ProducerBuilder<Null, string>(new List<KeyValuePair<string, string>> { new("acks", {|REL2101:"1"|}) });""",
        """var config = new ProducerConfig { Acks = Acks.All }; config.Acks = {|REL2101:Acks.Leader|};""",
        """var config = new ProducerConfig { Acks = {|REL2101:Acks.Leader|} }; new ProducerBuilder<Null, string>(config); config.Acks = Acks.All;""",
        """var config = new ProducerConfig { Acks = {|REL2101:Acks.Leader|} }; if (topic == "") config.Acks = Acks.All; new ProducerBuilder<Null, string>(config);""");

    public static TheoryData<Client, string> Silent => Matrix(
        """var config = new ProducerConfig(); new ProducerBuilder<Null, string>(config);""",
        """var config = new ProducerConfig { Acks = Acks.All };""",
        """var config = new ProducerConfig { Acks = null };""",
        """var config = new ProducerConfig { Acks = Enum.Parse<Acks>(topic) };""",
        """var config = new ProducerConfig { Acks = (Acks)(-1) };""",
        """var config = new ProducerConfig(); config.Set("acks", "all");""",
        """var config = new ProducerConfig(); config.Set("acks", "-1");""",
        """var config = new ProducerConfig(); config.Set("acks", topic);""",
        """var config = new ProducerConfig(); config.Set("Acks", "1");""",
        """var config = new ProducerConfig(); config.Set("linger.ms", "1");""",
        """var config = new ConsumerConfig { Acks = Acks.Leader };""",
        """var config = new AdminClientConfig { Acks = Acks.Leader };""",
        """new ConsumerBuilder<Ignore, string>(new Dictionary<string, string> { ["acks"] = "1" });""",
        """var unrelated = new Dictionary<string, string> { ["acks"] = "1" };""",
        """var config = new ProducerConfig { Acks = Acks.Leader }; config.Acks = Acks.All; new ProducerBuilder<Null, string>(config);""",
        """var config = new ProducerConfig(); config.Acks = Acks.None; config.ClientId = "c"; config.Set("request.required.acks", "all"); new ProducerBuilder<Null, string>(config);""");

    [Theory]
    [MemberData(nameof(Reported))]
    public Task Reports(Client client, string statement) => Verify.BodyAsync<AcksNotAll>(client, statement);

    [Theory]
    [MemberData(nameof(Silent))]
    public Task Is_silent(Client client, string statement) => Verify.BodyAsync<AcksNotAll>(client, statement);

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task Lambdas_that_configure_what_they_receive_are_seen(Client client) => Verify.FileAsync<AcksNotAll>(client, """
        static class Setup
        {
            public static void Configure(Action<Action<ProducerConfig>> services, ProducerConfig bound)
            {
                services(config => config.Acks = {|REL2101:Acks.Leader|});
                services(config => { config.Acks = Acks.All; });
                bound.Acks = {|REL2101:Acks.None|};
            }
        }
        """);

    private static TheoryData<Client, string> Matrix(params string[] statements)
    {
        var data = new TheoryData<Client, string>();
        foreach (var statement in statements)
        {
            data.Add(Client.Kafka1, statement);
            data.Add(Client.Kafka2, statement);
        }

        return data;
    }

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task A_translation_of_somebodys_choice_is_not_a_choice(Client client) => Verify.FileAsync<AcksNotAll>(client, """
        public enum Safety { Fast, Some, Full }
        class Settings
        {
            public Safety Safety { get; set; }
            public ProducerConfig Make() => new() { Acks = Translate(Safety) };
            public ProducerConfig Half() => new() { Acks = {|REL2101:Safety == Safety.Full ? Acks.All : Acks.Leader|} };
            private static Acks Translate(Safety safety)
            {
                switch (safety)
                {
                    case Safety.Fast: return Acks.None;
                    case Safety.Some: return Acks.Leader;
                    default: return Acks.All;
                }
            }
        }
        """);
}
