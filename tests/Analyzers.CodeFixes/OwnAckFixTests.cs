using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using Reliability.Analyzers.CodeFixes.RabbitMQ;
using Reliability.Analyzers.RabbitMQ;

namespace Reliability.Tests;

/// <summary>An acknowledgement of the project's own, named by option, is moved as the client's is.</summary>
public sealed class OwnAckFixTests
{
    [Theory]
    [InlineData("Acker.[|Done|](channel, ea); store.Save(ea.Body.ToArray());", "store.Save(ea.Body.ToArray()); Acker.Done(channel, ea);")]
    [InlineData("Acker.[|Done|](channel, ea); if (ea.Redelivered) Acker.[|Done|](channel, ea); store.Save(ea.Body.ToArray());", null)]
    public async Task It_is_moved_behind_the_work_unless_there_are_several(string handler, string? mended)
    {
        var test = new CSharpCodeFixTest<AckBeforeProcessing, AckBeforeProcessingFix, DefaultVerifier> { ReferenceAssemblies = ClientReferences.Net10 };
        test.TestState.AdditionalReferences.AddRange(ClientReferences.For(Client.RabbitMq6));
        test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true\n[*.cs]\nreliability_ack_methods = Acker.Done\n"));
        test.TestState.Sources.Add(Code(handler));
        test.FixedState.Sources.Add(Code(mended ?? handler));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    private static string Code(string handler) => $$"""
        using RabbitMQ.Client;
        using RabbitMQ.Client.Events;
        static class Acker { public static void Done(IModel channel, BasicDeliverEventArgs delivery) => channel.BasicAck(delivery.DeliveryTag, false); }
        class Store { public void Save(byte[] body) { } }
        class Worker
        {
            void Start(IModel channel, Store store)
            {
                var consumer = new EventingBasicConsumer(channel);
                consumer.Received += (sender, ea) =>
                {
                    {{handler.Replace("; ", ";\n            ", System.StringComparison.Ordinal)}}
                };
            }
        }
        """;
}
