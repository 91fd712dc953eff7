using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Handlers;

/// <summary>REL4101: a handler that talks to a broker by itself.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RawClient : HandlerAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.RawClient,
        Rules.Handlers,
        "The handler talks to the broker by itself",
        "{0}: what it publishes there leaves at once, also when the transaction is rolled back, and again at every retry",
        "What a handler returns, or publishes through IOutbox, leaves after the commit and only then. What it publishes through a client of its own does not know of the transaction, and what it settles "
        + "or commits there the runtime does not know of.");

    /// <summary>Creates the rule.</summary>
    public RawClient()
        : base(Rule)
    {
    }

    private protected override void Judge(HandlerBody handler)
    {
        var reported = false;
        foreach (var parameter in handler.Method.Parameters.Where(static one => IsClient(one.Type)))
        {
            reported = true;
            handler.Report(parameter.Locations[0], DiagnosticKeys.CauseWritten, parameter.Name, $"Handler '{handler.Name}' takes '{parameter.Type.Name} {parameter.Name}'");
        }

        // One report for a handler, however often it publishes.
        if (!reported && handler.Calls.FirstOrDefault(static call => Publishes(call.TargetMethod)) is { } publish)
            handler.Report(publish.NameLocation(), DiagnosticKeys.CauseWritten, null, $"Handler '{handler.Name}' publishes by '{publish.TargetMethod.Name}'");
    }

    private static bool IsClient(ITypeSymbol type) => AssemblyOf(type) switch
    {
        "RabbitMQ.Client" => type.Name is "IModel" or "IChannel" or "IConnection" or "IConnectionFactory" or "IAsyncConnectionFactory" or "ConnectionFactory",
        "Confluent.Kafka" => type.Name is "IProducer" or "IConsumer",
        _ => false,
    };

    private static bool Publishes(IMethodSymbol method) => AssemblyOf(method) switch
    {
        "RabbitMQ.Client" => method.Name is "BasicPublish" or "BasicPublishAsync",
        "Confluent.Kafka" => method.Name is "Produce" or "ProduceAsync",
        _ => false,
    };

    private static string? AssemblyOf(ISymbol symbol) => symbol.ContainingAssembly?.Name;
}
