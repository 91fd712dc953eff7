using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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
        if (type.TypeKind != TypeKind.Class)
            return;

        var handlers = type.GetMembers().OfType<IMethodSymbol>().Where(types.IsHandler).ToList();
        foreach (var handler in handlers)
            JudgeParameters(handler.Parameters.Skip(1), new[] { handler }, mayTake: true);

        var onInstances = handlers.Where(static one => !one.IsStatic).ToList();
        if (onInstances.Count > 0)
            JudgeParameters(type.InstanceConstructors.Where(static one => !one.IsImplicitlyDeclared && one.DeclaredAccessibility != Accessibility.Private).SelectMany(static one => one.Parameters), onInstances, mayTake: false);

        void JudgeParameters(IEnumerable<IParameterSymbol> parameters, IReadOnlyCollection<IMethodSymbol> users, bool mayTake)
        {
            foreach (var parameter in parameters)
            {
                var isOnDatabase = IsOnDatabase(parameter.Type, types);
                if (isOnDatabase && mayTake)
                    continue;

                // A context is one object per scope: where the handler takes it too, it is enlisted for both.
                var (used, by) = isOnDatabase ? (parameter.Type, "through its constructor") : SavedBehind(parameter.Type, types) is { } context ? (context, $"through '{parameter.Type.Name}', which saves it") : (null, "");
                if (used is not null && users.FirstOrDefault(one => !Takes(one, used)) is { } handler)
                    Report(report, parameter, $"'{type.Name}'", used.Name, by, $"{type.Name}.{handler.Name}");
            }
        }
    }

    /// <summary>The context that a service of this project takes in its constructor and saves by itself, or null.</summary>
    private static ITypeSymbol? SavedBehind(ITypeSymbol service, HandlerTypes types)
    {
        if (service is not INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } named)
            return null;

        var implementations = named.TypeKind == TypeKind.Interface ? types.Hierarchy.HeirsOf(named).Where(static one => one.TypeKind == TypeKind.Class && !one.IsAbstract).ToList() : new List<INamedTypeSymbol> { named };
        return implementations.Count == 1 && implementations[0].DeclaringSyntaxReferences.Any(static one => Saves(one.GetSyntax()))
            ? implementations[0].InstanceConstructors.SelectMany(static one => one.Parameters).Select(static one => one.Type).FirstOrDefault(types.IsContext)
            : null;
    }

    private static bool Saves(SyntaxNode code) => code.DescendantNodes().OfType<SimpleNameSyntax>().Any(static name => name.Identifier.ValueText is "SaveChanges" or "SaveChangesAsync");

    private static void Report(Action<Diagnostic> report, IParameterSymbol parameter, params object[] arguments) => report(Diagnostic.Create(
        Rule, parameter.Locations[0], ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten).Add(DiagnosticKeys.Member, parameter.Name), arguments));

    private static bool IsOnDatabase(ITypeSymbol type, HandlerTypes types) => types.IsContext(type) || types.IsConnection(type) || types.IsTransaction(type);

    private static bool Takes(IMethodSymbol handler, ITypeSymbol type) => handler.Parameters.Any(one => SymbolEqualityComparer.Default.Equals(one.Type, type));
}
