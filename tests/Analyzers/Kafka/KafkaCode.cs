using Microsoft.CodeAnalysis.Diagnostics;

namespace Reliability.Tests.Kafka;

/// <summary>Statements of an asynchronous method that works with Kafka.</summary>
internal static class KafkaCode
{
    public static Task SaysAsync<TRule>(Client client, string statements, string members = "")
        where TRule : DiagnosticAnalyzer, new() => Verify.FileAsync<TRule>(client, $$"""
            using System.Collections.Concurrent;
            using Confluent.Kafka.Admin;
            class Worker
            {
                private readonly Store _store = new Store();
                {{members}}
                public async Task RunAsync(string topic, bool flag, CancellationToken token)
                {
                    await Task.Yield();
                    {{statements}}
                }
            }
            class Store { public void Save(string value) { } public void SaveFailed(string value) { } public Task SaveAsync(string value) => Task.CompletedTask; }
            """.Replace("using System.Collections.Concurrent;\nusing Confluent.Kafka.Admin;\n", "", StringComparison.Ordinal)
            .Replace("ConcurrentQueue<", "System.Collections.Concurrent.ConcurrentQueue<", StringComparison.Ordinal)
            .Replace("BlockingCollection<", "System.Collections.Concurrent.BlockingCollection<", StringComparison.Ordinal)
            .Replace("TopicSpecification", "Confluent.Kafka.Admin.TopicSpecification", StringComparison.Ordinal));
}
