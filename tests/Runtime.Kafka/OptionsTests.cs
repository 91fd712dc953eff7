using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Reliability.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Options_that_are_fine_pass() => Assert.True(Validate(_ => { }).Succeeded);

    [Fact]
    public void Every_wrong_option_is_named_with_its_value_and_what_is_allowed()
    {
        var result = Validate(options =>
        {
            options.BootstrapServers = " ";
            options.GroupId = "";
            options.ConfirmTimeout = TimeSpan.FromMilliseconds(10);
            options.MaxBodyBytes = 0;
            options.Topics = (KafkaTopicCheck)7;
        });

        Assert.Equal(
            [
                "KafkaOptions.BootstrapServers is empty; it must name at least one broker as host:port.",
                "KafkaOptions.GroupId is empty; it must name the consumer group that this application's processes share.",
                "KafkaOptions.ConfirmTimeout is 00:00:00.0100000; it must be between 00:00:01 and 00:15:00.",
                "KafkaOptions.MaxBodyBytes is 0; it must be between 1024 and 90000000.",
                "KafkaOptions.Topics is 7; it must be Verify, Require or Trust.",
            ],
            result.Failures);
    }

    [Theory]
    [InlineData("acks", "1")]
    [InlineData("acks", "0")]
    [InlineData("request.required.acks", "leader")]
    [InlineData("topic.acks", "1")]
    [InlineData("topic.request.required.acks", "0")]
    [InlineData("enable.idempotence", "False")]
    [InlineData("enable.auto.commit", "true")]
    [InlineData("auto.commit.enable", "1")]
    [InlineData("topic.auto.commit.enable", "t")]
    [InlineData("enable.auto.offset.store", "TRUE")]
    [InlineData("auto.offset.reset", "latest")]
    [InlineData("topic.auto.offset.reset", "end")]
    [InlineData("isolation.level", "read_uncommitted")]
    [InlineData("transactional.id", "t1")]
    [InlineData("message.timeout.ms", "1")]
    [InlineData("delivery.timeout.ms", "1")]
    [InlineData("bootstrap.servers", "elsewhere:9092")]
    [InlineData("metadata.broker.list", "elsewhere:9092")]
    [InlineData("group.id", "other")]
    [InlineData("dotnet.producer.enable.delivery.reports", "false")]
    [InlineData("dotnet.producer.enable.background.poll", "false")]
    [InlineData("dotnet.producer.delivery.report.fields", "none")]
    [InlineData("dotnet.consumer.consume.result.fields", "none")]
    public void A_setting_that_would_break_the_promise_is_refused_with_the_reason(string key, string value)
    {
        var failure = Assert.Single(Validate(options => options.Client[key] = value).Failures!);

        Assert.StartsWith($"KafkaOptions.Client[\"{key}\"] is ", failure, StringComparison.Ordinal);
        Assert.Contains(": ", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acks", "-1")]
    [InlineData("acks", "All")]
    [InlineData("enable.idempotence", "true")]
    [InlineData("enable.auto.commit", "0")]
    [InlineData("auto.offset.reset", "smallest")]
    [InlineData("sasl.password", "secret")]
    [InlineData("linger.ms", "20")]
    public void Other_settings_pass(string key, string value) => Assert.True(Validate(options => options.Client[key] = value).Succeeded);

    [Theory]
    [InlineData("no.such.setting", "1")]
    [InlineData("retries", "0")]
    [InlineData("max.in.flight", "10")]
    [InlineData("compression.type", "best")]
    public async Task What_the_client_itself_refuses_ends_the_start_and_says_where_it_was_set(string key, string value)
    {
        var options = Fine();
        options.Client[key] = value;
        await using var transport = new KafkaTransport(options, TimeProvider.System, new LogLines());

        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await transport.StartAsync(new Topology([], []), TestContext.Current.CancellationToken));

        Assert.Contains("KafkaOptions.Client", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Use_kafka_registers_one_transport_with_its_options()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<IMessageStore>(_ => throw new InvalidOperationException("No store is needed to build the transport."));
        services.AddReliability(reliability => reliability.UseKafka("broker:9092", "billing", options => options.MaxBodyBytes = 5000));
        using var provider = services.BuildServiceProvider();

        var descriptor = provider.GetServices<IOptions<KafkaOptions>>().Single().Value;

        Assert.Equal(("broker:9092", "billing", 5000), (descriptor.BootstrapServers, descriptor.GroupId, descriptor.MaxBodyBytes));
        Assert.Single(services, service => service.ServiceType == typeof(ITransport) && service.ImplementationFactory is not null);
    }

    [Fact]
    public void Wrong_options_are_found_when_they_are_first_used()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<IMessageStore>(_ => throw new InvalidOperationException("No store is needed to validate options."));
        services.AddReliability(reliability => reliability.UseKafka("broker:9092", "billing", options => options.Client["acks"] = "1"));
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<KafkaOptions>>().Value);

        Assert.Contains("only 'all' is allowed: a message is lost with its leader", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Printed_options_hold_no_setting_of_the_client()
    {
        var options = Fine();
        options.Client["sasl.password"] = "s3cret";

        Assert.DoesNotContain("s3cret", options.ToString(), StringComparison.Ordinal);
    }

    private static KafkaOptions Fine() => new() { BootstrapServers = "127.0.0.1:1", GroupId = "billing" };

    private static ValidateOptionsResult Validate(Action<KafkaOptions> change)
    {
        var options = Fine();
        change(options);
        return new KafkaOptionsValidator().Validate(null, options);
    }
}
