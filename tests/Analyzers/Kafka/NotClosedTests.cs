namespace Reliability.Tests.Kafka;

public sealed class NotClosedTests
{
    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).{|REL2007:Build|}(); while (true) { var r = consumer.Consume(token); }""")]
    [InlineData("""using (var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).{|REL2007:Build|}()) { consumer.Consume(1000); }""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<NotClosed>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); try { consumer.Consume(token); } finally { consumer.Close(); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); consumer.Subscribe(topic);""")]
    [InlineData("""_consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); _consumer.Consume(token);""", """private IConsumer<string, string> _consumer = null!; public void Stop() { _consumer.Close(); _consumer.Dispose(); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); consumer.Consume(token); Outside.Keep(consumer); } static class Outside { public static Action<IConsumer<string, string>> Keep = null!;""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<NotClosed>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).{|REL2007:Build|}(); while (true) { var r = consumer.Consume(token); }""")]
    [InlineData("""using (var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).{|REL2007:Build|}()) { consumer.Consume(1000); }""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<NotClosed>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); try { consumer.Consume(token); } finally { consumer.Close(); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); consumer.Subscribe(topic);""")]
    [InlineData("""_consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); _consumer.Consume(token);""", """private IConsumer<string, string> _consumer = null!; public void Stop() { _consumer.Close(); _consumer.Dispose(); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); consumer.Consume(token); Outside.Keep(consumer); } static class Outside { public static Action<IConsumer<string, string>> Keep = null!;""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<NotClosed>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task A_close_that_no_path_reaches_closes_nothing(Client client) => Verify.BodyAsync<NotClosed>(client, """
        using var endless = new ConsumerBuilder<Ignore, string>(new ConsumerConfig()).{|REL2007:Build|}();
        endless.Subscribe(topic);
        if (flag)
        {
            while (true) { Console.WriteLine(endless.Consume().Message.Value); }
            endless.Close();
        }
        using var left = new ConsumerBuilder<Ignore, string>(new ConsumerConfig()).Build();
        left.Subscribe(topic);
        while (true) { if (left.Consume().Message == null) break; }
        left.Close();
        using var stopped = new ConsumerBuilder<Ignore, string>(new ConsumerConfig()).Build();
        stopped.Subscribe(topic);
        try { while (true) { stopped.Consume(); } } finally { stopped.Close(); }
        """);

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task A_consumer_that_subscribes_belongs_to_a_group_whatever_it_assigns(Client client) => Verify.BodyAsync<NotClosed>(client, """
        using var member = new ConsumerBuilder<Ignore, string>(new ConsumerConfig()).{|REL2007:Build|}();
        member.Subscribe(topic);
        var record = member.Consume();
        member.Assign(record.TopicPartitionOffset);
        using var loner = new ConsumerBuilder<Ignore, string>(new ConsumerConfig()).Build();
        loner.Assign(new TopicPartition(topic, 0));
        loner.Consume();
        """);
}
