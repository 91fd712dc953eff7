using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace Reliability.Tests;

/// <summary>Runs one rule over code for one client; markup says what must be reported, and nothing else may be.</summary>
internal static class Verify
{
    /// <summary>A whole file.</summary>
    public static Task FileAsync<TRule>(Client client, string source, params DiagnosticResult[] expected)
        where TRule : DiagnosticAnalyzer, new() => FilesAsync<TRule>(client, [source], expected);

    /// <summary>Several files of one project.</summary>
    public static Task FilesAsync<TRule>(Client client, string[] sources, params DiagnosticResult[] expected)
        where TRule : DiagnosticAnalyzer, new()
    {
        var test = Test<TRule>(client, expected);
        foreach (var source in sources)
            test.TestState.Sources.Add(Usings(client) + source);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Top-level statements.</summary>
    public static Task ProgramAsync<TRule>(Client client, string statements)
        where TRule : DiagnosticAnalyzer, new()
    {
        var test = Test<TRule>(client);
        test.TestState.OutputKind = OutputKind.ConsoleApplication;
        test.TestState.Sources.Add(Usings(client) + statements);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Statements in a method that is given what they need: a connection, a channel, a flag.</summary>
    public static Task BodyAsync<TRule>(Client client, string statements)
        where TRule : DiagnosticAnalyzer, new() => FileAsync<TRule>(client, $$"""
            class Program
            {
                {{(client is Client.RabbitMq7 ? "async Task" : "void")}} Run({{Parameters(client)}}, bool flag, string text, byte[] body)
                {
            {{statements}}
                }
            }
            """);

    /// <summary>A test to be set up further.</summary>
    public static CSharpAnalyzerTest<TRule, DefaultVerifier> Test<TRule>(Client client, params DiagnosticResult[] expected)
        where TRule : DiagnosticAnalyzer, new()
    {
        var test = new CSharpAnalyzerTest<TRule, DefaultVerifier> { ReferenceAssemblies = ClientReferences.Net10 };
        test.TestState.AdditionalReferences.AddRange(ClientReferences.For(client));
        test.ExpectedDiagnostics.AddRange(expected);
        return test;
    }

    /// <summary>The usings that stand before all code for a client.</summary>
    public static string Usings(Client client) => "using System; using System.Collections.Generic; using System.Linq; using System.Text; using System.Threading; using System.Threading.Tasks; "
        + client switch
        {
            Client.RabbitMq6 or Client.RabbitMq7 => "using RabbitMQ.Client; using RabbitMQ.Client.Events;\n",
            Client.Kafka1 or Client.Kafka2 => "using Confluent.Kafka;\n",
            Client.Handlers => "using System.Data.Common; using Confluent.Kafka; using RabbitMQ.Client; using Microsoft.EntityFrameworkCore; using Microsoft.Extensions.DependencyInjection; using Reliability;\n",
            _ => "\n",
        };

    private static string Parameters(Client client) => client switch
    {
        Client.RabbitMq6 => "IConnection connection, IModel channel, IBasicConsumer consumer",
        Client.RabbitMq7 => "IConnection connection, IChannel channel, IAsyncBasicConsumer consumer",
        _ => "string topic",
    };
}
