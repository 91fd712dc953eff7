using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Handlers;

/// <summary>A rule about methods that the runtime calls for each message: nothing is registered where the runtime is not referenced.</summary>
public abstract class HandlerAnalyzer : ReliabilityAnalyzer
{
    private protected HandlerAnalyzer(DiagnosticDescriptor descriptor)
        : base(descriptor)
    {
    }

    private protected sealed override void Start(CompilationStartAnalysisContext context)
    {
        if (HandlerTypes.Of(context.Compilation) is { } types)
            Watch(context, types);
    }

    /// <summary>Registers what the rule looks at. Unless overridden, that is the body of each handler.</summary>
    private protected virtual void Watch(CompilationStartAnalysisContext context, HandlerTypes types) => context.RegisterOperationBlockAction(block =>
    {
        if (block.OwningSymbol is IMethodSymbol method && types.IsHandler(method) && block.OperationBlocks.FirstOrDefault(static one => one is IBlockOperation) is { } body)
            Judge(new HandlerBody(method, body, types, SupportedDiagnostics[0], block.ReportDiagnostic));
    });

    /// <summary>Looks at one handler.</summary>
    private protected virtual void Judge(HandlerBody handler)
    {
    }
}

/// <summary>One handler and its code, as a rule sees it.</summary>
internal sealed class HandlerBody(IMethodSymbol method, IOperation body, HandlerTypes types, DiagnosticDescriptor rule, Action<Diagnostic> report)
{
    public IMethodSymbol Method { get; } = method;

    public IOperation Body { get; } = body;

    public HandlerTypes Types { get; } = types;

    /// <summary>How messages name the handler: <c>Type.Method</c>.</summary>
    public string Name => Method.ContainingType is { } type ? $"{type.Name}.{Method.Name}" : Method.Name;

    /// <summary>The calls in the handler's code, those in its lambdas and local functions too.</summary>
    public IEnumerable<IInvocationOperation> Calls => Body.Descendants().OfType<IInvocationOperation>().Where(static call => !call.IsOnlyDescribed());

    /// <summary>The parameter that an expression comes from, through casts and locals that are given it; null where it comes from elsewhere.</summary>
    public IParameterSymbol? ParameterBehind(IOperation? value)
    {
        for (var steps = 0; steps < 8; steps++)
        {
            switch (value?.Unwrap())
            {
                case IParameterReferenceOperation { Parameter: var parameter } when SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, Method):
                    return parameter;
                case ILocalReferenceOperation { Local: var local }:
                    value = Body.Descendants().OfType<IVariableDeclaratorOperation>().FirstOrDefault(one => SymbolEqualityComparer.Default.Equals(one.Symbol, local))?.Initializer?.Value;
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    public void Report(Location place, string cause, string? member, params object[] arguments) => Report(place, cause, member, rule.DefaultSeverity, arguments);

    public void Report(Location place, string cause, string? member, DiagnosticSeverity severity, params object[] arguments)
    {
        var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Cause, cause);
        if (member is not null)
            properties = properties.Add(DiagnosticKeys.Member, member);
        report(Diagnostic.Create(rule, place, severity, Enumerable.Empty<Location>(), properties, arguments));
    }
}
