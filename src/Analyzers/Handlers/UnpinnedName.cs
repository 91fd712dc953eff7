using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Handlers;

/// <summary>REL4108: a handler whose memory hangs on the name of its method.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnpinnedName : HandlerAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.UnpinnedName,
        Rules.Handlers,
        "The handler's name is not pinned",
        "This handler remembers what it has handled under '{0}', its method's name: once the method or its class is renamed, it knows nothing of it, and handles a message that comes again a second time",
        "Handled messages, attempts and dead letters are kept under the handler's name. Set Name, which stays when code is renamed.",
        DiagnosticSeverity.Info);

    /// <summary>Creates the rule.</summary>
    public UnpinnedName()
        : base(Rule)
    {
    }

    private static readonly SymbolDisplayFormat Default = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        memberOptions: SymbolDisplayMemberOptions.IncludeContainingType);

    private protected override void Watch(CompilationStartAnalysisContext context, HandlerTypes types) =>
        context.RegisterSymbolAction(symbol => JudgeMethod((IMethodSymbol)symbol.Symbol, types, symbol.ReportDiagnostic, symbol.CancellationToken), SymbolKind.Method);

    private static void JudgeMethod(IMethodSymbol method, HandlerTypes types, Action<Diagnostic> report, CancellationToken cancellationToken)
    {
        foreach (var attribute in types.AttributesOf(method))
        {
            if (attribute.NamedArguments.Any(static one => one.Key == "Name") || attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken) is not { } written)
                continue;

            // The runtime's own default, which is what must be kept.
            var name = method.ToDisplayString(Default);
            var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Cause, DiagnosticKeys.CauseMissing).Add(DiagnosticKeys.Member, name);
            report(Diagnostic.Create(Rule, written.GetLocation(), properties, name));
        }
    }
}
