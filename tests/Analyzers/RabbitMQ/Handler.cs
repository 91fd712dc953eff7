using Microsoft.CodeAnalysis.Diagnostics;

namespace Reliability.Tests.RabbitMQ;

/// <summary>Code of a handler, run as a lambda of either major version. It is written for version 7; for version 6 the calls lose their <c>await</c> and <c>Async</c>.</summary>
internal static class Handler
{
    public static Task SaysAsync<TRule>(Client client, string statements, string before = "", string declared = "")
        where TRule : DiagnosticAnalyzer, new()
    {
        var isSeven = client == Client.RabbitMq7;
        var code = $$"""
            class Worker
            {
                private readonly Store _store = new Store();
                private readonly Microsoft.Extensions.Logging.ILogger _logger = null!;

                public {{(isSeven ? "async Task" : "void")}} Start(IConnection connection, bool stopping)
                {
                    var channel = await connection.CreateChannelAsync();
                    {{before}}
                    var consumer = new {{(isSeven ? "AsyncEventingBasicConsumer" : "EventingBasicConsumer")}}(channel);
                    consumer.ReceivedAsync += async (sender, ea) =>
                    {
                        {{statements}}
                    };
                    await channel.BasicConsumeAsync("q", false, consumer);
                }
                {{declared}}
            }
            class Order { public int Id { get; set; } public static Order Parse(byte[] body) => new Order(); public bool IsValid { get; set; } }
            class Store { public void Save(Order order) { } public void SaveFailed(byte[] body) { } public bool TrySave(Order order) => true; public Task SaveAsync(Order order) => Task.CompletedTask; public void Ping() { } }
            namespace Microsoft.Extensions.Logging { public interface ILogger { void LogError(string text, params object[] values); void LogInformation(string text, params object[] values); } }
            """;
        if (!isSeven)
        {
            code = code.Replace("consumer.ReceivedAsync += async (", "consumer.Received += (", StringComparison.Ordinal)
                .Replace("connection.CreateChannelAsync()", "connection.CreateModel()", StringComparison.Ordinal)
                .Replace("await channel.", "channel.", StringComparison.Ordinal).Replace("await connection.", "connection.", StringComparison.Ordinal)
                .Replace("await _store.SaveAsync", "_store.Save", StringComparison.Ordinal)
                .Replace("Dictionary<string, object?>", "Dictionary<string, object>", StringComparison.Ordinal)
                .Replace("IChannel", "IModel", StringComparison.Ordinal);
            code = System.Text.RegularExpressions.Regex.Replace(code, @"\b(Basic\w+|Queue\w+)Async\b", "$1");
        }

        return Verify.FileAsync<TRule>(client, code);
    }
}
