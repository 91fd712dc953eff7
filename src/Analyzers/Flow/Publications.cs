using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>Which calls hand a message to a broker: those of the clients, and methods in view that come down to one.</summary>
internal sealed class Publications(CompilationFlow flow)
{
    private const int MaximumDepth = 4;

    private readonly ConcurrentDictionary<IMethodSymbol, bool> _methods = new(SymbolEqualityComparer.Default);

    public bool Publishes(IInvocationOperation call) => Publishes(call, 0);

    private bool Publishes(IInvocationOperation call, int depth)
    {
        var method = call.TargetMethod;
        if (flow.Types.ClientOf(method) is not null)
            return method.Name is "BasicPublish" or "BasicPublishAsync";
        if (flow.Types.Kafka?.Declares(method) == true)
            return method.Name is "Produce" or "ProduceAsync";

        method = method.OriginalDefinition;
        if (IsOtherProjects(method))
            return true;
        if (depth >= MaximumDepth || (method.DeclaringSyntaxReferences.IsEmpty && !method.IsAbstract) || method.MethodKind != MethodKind.Ordinary)
            return false;
        if (_methods.TryGetValue(method, out var known))
            return known;

        var targets = method.IsAbstract ? flow.Hierarchy.SomeImplementationsOf(method) : method.IsVirtual ? Enumerable.Empty<IMethodSymbol>() : new[] { method };
        var publishes = targets.Any(target => flow.BodyOf(target) is { } body && body.Root.Descendants().OfType<IInvocationOperation>().Any(inner => Publishes(inner, depth + 1)));

        // A no that was cut short by the depth is not kept.
        if (publishes || depth == 0)
            _methods.TryAdd(method, publishes);
        return publishes;
    }

    /// <summary>
    /// A producer or publisher that another project declares, which itself refers to a client: <c>IMessageProducer.ProduceAsync</c> of a shared messaging library. What puts messages aside for later is named so.
    /// </summary>
    private bool IsOtherProjects(IMethodSymbol method) => method is { MethodKind: MethodKind.Ordinary, ContainingType: { } type, ContainingAssembly: { } assembly }
        && (method.Name.StartsWith("Produce", StringComparison.Ordinal) || method.Name.StartsWith("Publish", StringComparison.Ordinal))
        && (type.Name.EndsWith("Producer", StringComparison.Ordinal) || type.Name.EndsWith("Publisher", StringComparison.Ordinal))
        && type.Name.IndexOf("Outbox", StringComparison.OrdinalIgnoreCase) < 0
        && !flow.Declares(method)
        && assembly.Modules.Any(static module => module.ReferencedAssemblies.Any(static one => one.Name is "Confluent.Kafka" or "RabbitMQ.Client"));
}
