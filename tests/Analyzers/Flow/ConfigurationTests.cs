namespace Reliability.Tests.Flow;

/// <summary>Configurations on their way from where they are made to the builder, as people write them.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task Handed_down_to_helpers_that_build(Client client) => Verify.FileAsync<AutoCommit>(client, """
        static class Program
        {
            static void Main()
            {
                var plain = new ConsumerConfig { GroupId = "g" };
                for (var round = 0; round < 3; round++)
                    Run(plain, round);
                Run(plain, 4);
                var manual = new ConsumerConfig { GroupId = "g", EnableAutoCommit = false };
                Careful(manual);
                Careful(manual);
            }
            private static void Run(ConsumerConfig config, int round) { using var consumer = new ConsumerBuilder<string, string>({|REL2001:config|}).Build(); }
            private static void Careful(ConsumerConfig config) { using var consumer = new ConsumerBuilder<string, string>(config).Build(); }
        }
        """);
}
