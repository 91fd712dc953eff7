using Reliability.Analyzers.CodeFixes.Kafka;
using Reliability.Analyzers.Kafka;

namespace Reliability.Tests;

public class AcksNotAllFixTests
{
    public static readonly TheoryData<Client> Clients = [Client.Kafka1, Client.Kafka2];

    [Theory, MemberData(nameof(Clients))]
    public Task Every_spelling_asks_for_all_replicas(Client client) => FixOf<AcksNotAll, AcksNotAllFix>.Mends(client, """
        using System.Collections.Generic;
        using Confluent.Kafka;

        class Producers
        {
            const string One = "1";

            void Build()
            {
                var first = new ProducerConfig { BootstrapServers = "b", Acks = {|REL2101:Acks.Leader|} /* fast */, LingerMs = 5 };
                var second = new ProducerConfig();
                second.Set("request.required.acks", {|REL2101:One|});
                var third = new ProducerConfig { Acks = {|REL2101:(Acks)1|} };
                using var producer = new ProducerBuilder<string, string>(new Dictionary<string, string>
                {
                    { "acks", {|REL2101:"1"|} },
                    { "linger.ms", "5" },
                }).Build();
            }
        }
        """, """
        using System.Collections.Generic;
        using Confluent.Kafka;

        class Producers
        {
            const string One = "1";

            void Build()
            {
                var first = new ProducerConfig { BootstrapServers = "b", Acks = Acks.All /* fast */, LingerMs = 5 };
                var second = new ProducerConfig();
                second.Set("request.required.acks", "all");
                var third = new ProducerConfig { Acks = Acks.All };
                using var producer = new ProducerBuilder<string, string>(new Dictionary<string, string>
                {
                    { "acks", "all" },
                    { "linger.ms", "5" },
                }).Build();
            }
        }
        """);

    [Theory, MemberData(nameof(Clients))]
    public Task A_missing_using_is_added(Client client) => FixOf<AcksNotAll, AcksNotAllFix>.Mends(
        client,
        """
        using System;

        class Producers
        {
            object Config() => new Confluent.Kafka.ProducerConfig { Acks = {|REL2101:Confluent.Kafka.Acks.Leader|} };
        }
        """,
        """
        using System;
        using Confluent.Kafka;

        class Producers
        {
            object Config() => new Confluent.Kafka.ProducerConfig { Acks = Acks.All };
        }
        """);
}
