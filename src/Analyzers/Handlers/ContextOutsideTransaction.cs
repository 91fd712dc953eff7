using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Handlers;

/// <summary>REL4104: a handler that gets its context, or connection, where nothing enlists it in the transaction.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ContextOutsideTransaction : HandlerAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.ContextOutsideTransaction,
        Rules.Handlers,
        "The handler's context is not in its transaction",
        "{0} gets its {1} {2}, where nothing puts it on the handler's transaction: what is written there is committed apart from the record that the message was handled, or not at all; take it as a parameter of '{3}'",
        "The runtime puts the contexts, the connection and the transaction that are parameters of the handler method on its transaction, and saves the contexts before the commit. Those that come through the constructor, or from the services, it does not know.");

    /// <summary>Creates the rule.</summary>
    public ContextOutsideTransaction()
        : base(Rule)
    {
    }

    private protected override void Watch(CompilationStartAnalysisContext context, HandlerTypes types)
    {
        base.Watch(context, types);
        context.RegisterSymbolAction(symbol => JudgeClass((INamedTypeSymbol)symbol.Symbol, types, symbol.ReportDiagnostic), SymbolKind.NamedType);
    }

    private protected override void Judge(HandlerBody handler)
    {
        foreach (var call in handler.Calls)
        {
            if (call.TargetMethod is { Name: "GetService" or "GetRequiredService" or "GetKeyedService" or "GetRequiredKeyedService", TypeArguments: { Length: 1 } asked } && IsOnDatabase(asked[0], handler.Types) && !Takes(handler.Method, asked[0]))
                handler.Report(call.NameLocation(), DiagnosticKeys.CauseWritten, null, $"Handler '{handler.Name}'", asked[0].Name, "from the services", handler.Name);
        }
    }

    private static void JudgeClass(INamedTypeSymbol type, HandlerTypes types, Action<Diagnostic> report)
    {
        if (type.TypeKind != TypeKind.Class || type.InstanceConstructors.All(static one => one.IsImplicitlyDeclared))
            return;

        var handlers = type.GetMembers().OfType<IMethodSymbol>().Where(one => !one.IsStatic && types.IsHandler(one)).ToList();
        if (handlers.Count == 0)
            return;

        foreach (var parameter in type.InstanceConstructors.Where(static one => one.DeclaredAccessibility != Accessibility.Private).SelectMany(static one => one.Parameters))
        {
            // A context is one object per scope: where the handler takes it too, it is enlisted for both.
            if (IsOnDatabase(parameter.Type, types) && handlers.FirstOrDefault(one => !Takes(one, parameter.Type)) is { } handler)
                Report(report, parameter, $"'{type.Name}'", parameter.Type.Name, "through its constructor", $"{type.Name}.{handler.Name}");
        }
    }

    private static void Report(Action<Diagnostic> report, IParameterSymbol parameter, params object[] arguments) => report(Diagnostic.Create(
        Rule, parameter.Locations[0], ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten).Add(DiagnosticKeys.Member, parameter.Name), arguments));

    private static bool IsOnDatabase(ITypeSymbol type, HandlerTypes types) => types.IsContext(type) || types.IsConnection(type) || types.IsTransaction(type);

    private static bool Takes(IMethodSymbol handler, ITypeSymbol type) => handler.Parameters.Any(one => SymbolEqualityComparer.Default.Equals(one.Type, type));
}
