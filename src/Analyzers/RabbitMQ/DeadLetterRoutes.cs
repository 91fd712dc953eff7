using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>The exchanges that a compilation declares, and the bindings that lead on from them. Read once, when the first question is asked.</summary>
internal sealed class DeadLetterRoutes
{
    private static readonly ConditionalWeakTable<CompilationFlow, Lazy<DeadLetterRoutes>> PerCompilation = new();
    private static readonly string[] Markers = { "ExchangeDeclare", "QueueBind", "ExchangeBind" };

    private readonly Dictionary<string, string?> _types = new(StringComparer.Ordinal);
    private readonly List<(string Exchange, string? Queue, string? RoutingKey)> _bindings = new();
    private readonly bool _hasUnknownNames;

    private DeadLetterRoutes(Compilation compilation, CompilationFlow flow)
    {
        foreach (var call in compilation.SyntaxTrees.SelectMany(tree => CallsIn(tree, flow)))
        {
            // Exchanges lead on to exchanges by their source.
            var name = call.TargetMethod.Name;
            var exchange = Text(call, name.StartsWith("ExchangeBind", StringComparison.Ordinal) ? "source" : "exchange", flow);
            if (exchange is null)
                _hasUnknownNames = true;
            else if (name.StartsWith("ExchangeDeclare", StringComparison.Ordinal))
                _types[exchange] = _types.ContainsKey(exchange) ? null : Text(call, "type", flow);
            else
                _bindings.Add((exchange, Text(call, "queue", flow), Text(call, "routingKey", flow)));
        }
    }

    /// <summary>The one instance of a compilation.</summary>
    public static DeadLetterRoutes Of(Compilation compilation, CompilationFlow flow) =>
        PerCompilation.GetValue(flow, key => new Lazy<DeadLetterRoutes>(() => new DeadLetterRoutes(compilation, key))).Value;

    /// <summary>Whether an exchange that this project declares leads nowhere; false where it may be declared or bound elsewhere.</summary>
    public bool LeadsNowhere(string exchange) => !_hasUnknownNames && _types.ContainsKey(exchange) && _bindings.All(one => one.Exchange != exchange);

    /// <summary>Whether an exchange that this project declares leads back to the queue that dead-letters to it, and nowhere else.</summary>
    public bool LeadsBack(string exchange, string queue, string? routingKey)
    {
        if (_hasUnknownNames || !_types.TryGetValue(exchange, out var type) || type is not ("direct" or "fanout"))
            return false;

        var bound = _bindings.Where(one => one.Exchange == exchange).ToList();
        return bound.Count > 0 && bound.All(one => one.Queue == queue && (type == "fanout" || (routingKey is not null && one.RoutingKey == routingKey)));
    }

    private static IEnumerable<IInvocationOperation> CallsIn(SyntaxTree tree, CompilationFlow flow)
    {
        var text = tree.GetText();
        if (!Array.Exists(Markers, marker => SourceSearch.Mentions(text, marker)))
            return Enumerable.Empty<IInvocationOperation>();

        var bodies = tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>().Where(static name => IsNamed(name.Identifier.ValueText))
            .Select(SourceSearch.CodeAround).OfType<SyntaxNode>().Distinct().Select(flow.BodyOf).OfType<Body>();
        return bodies.SelectMany(static body => body.ClientCalls).Where(static call => IsNamed(call.TargetMethod.Name));
    }

    private static bool IsNamed(string name) => Array.Exists(Markers, marker => name.StartsWith(marker, StringComparison.Ordinal));

    private static string? Text(IInvocationOperation call, string parameter, CompilationFlow flow) => call.Argument(parameter) is { } argument ? flow.Text(argument.Value) : null;
}
