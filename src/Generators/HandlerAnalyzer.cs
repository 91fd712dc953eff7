using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Generators.Model;
using Reliability.Generators.Parsing;

namespace Reliability.Generators;

/// <summary>Says what is wrong with handlers, messages and JSON contexts: everything for which <see cref="HandlerGenerator"/> writes nothing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HandlerAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = HandlerRules.All.ToImmutableArray();

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterCompilationStartAction(start =>
        {
            var types = KnownTypes.Of(start.Compilation);
            if (types.HandlerAttribute is null)
            {
                return;
            }

            // Conflicts need every handler of the assembly. They are looked for once, when the first handler is met, so that editors show them too.
            var handlers = new Lazy<IReadOnlyList<HandlerModel>>(() => HandlerCatalogue.Of(types, start.CancellationToken));
            start.RegisterSymbolAction(symbol => CheckMethod(symbol, types, handlers), SymbolKind.Method);
            start.RegisterSymbolAction(symbol => CheckMessage(symbol, types), SymbolKind.NamedType);
            start.RegisterSyntaxNodeAction(
                node => CheckLocalFunction(node, types), SyntaxKind.LocalFunctionStatement, SyntaxKind.ParenthesizedLambdaExpression);
            start.RegisterSyntaxNodeAction(node => CheckJsonContext(node, types), SyntaxKind.AttributeList);
        });
    }

    private static void CheckMethod(SymbolAnalysisContext context, KnownTypes types, Lazy<IReadOnlyList<HandlerModel>> handlers)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (!HandlerParser.AttributesOf(method, types).Any() || method.PartialDefinitionPart is not null)
        {
            return;
        }

        var problems = new List<Problem>();
        foreach (var handler in new HandlerParser(types, problems, context.CancellationToken).Parse(method).Take(1))
        {
            problems.AddRange(HandlerConflicts.Find(handlers.Value)
                .Where(conflict => conflict.Handler.Signature == handler.Signature || conflict.Other.Signature == handler.Signature)
                .Select(conflict => new Problem(conflict.Rule, method.Place(), conflict.Arguments)));
        }

        problems.ForEach(problem => context.ReportDiagnostic(problem.ToDiagnostic()));
    }

    private static void CheckMessage(SymbolAnalysisContext context, KnownTypes types)
    {
        var problems = new List<Problem>();
        new MessageParser(types, problems, context.CancellationToken).CheckAttributes((INamedTypeSymbol)context.Symbol);
        problems.ForEach(problem => context.ReportDiagnostic(problem.ToDiagnostic()));
    }

    // No symbol action meets local functions and lambdas.
    private static void CheckLocalFunction(SyntaxNodeAnalysisContext context, KnownTypes types)
    {
        if (context.Node is not (LocalFunctionStatementSyntax { AttributeLists.Count: > 0 } or LambdaExpressionSyntax { AttributeLists.Count: > 0 }))
        {
            return;
        }

        var symbol = context.Node is LocalFunctionStatementSyntax function
            ? context.SemanticModel.GetDeclaredSymbol(function, context.CancellationToken) as IMethodSymbol
            : context.SemanticModel.GetSymbolInfo(context.Node, context.CancellationToken).Symbol as IMethodSymbol;
        if (symbol is not null && HandlerParser.AttributesOf(symbol, types).Any())
        {
            var problems = new List<Problem>();
            new HandlerParser(types, problems, context.CancellationToken).Parse(symbol);
            problems.ForEach(problem => context.ReportDiagnostic(problem.ToDiagnostic()));
        }
    }

    private static void CheckJsonContext(SyntaxNodeAnalysisContext context, KnownTypes types)
    {
        if (context.Node is not AttributeListSyntax { Target.Identifier: var target } list || !target.IsKind(SyntaxKind.AssemblyKeyword))
        {
            return;
        }

        foreach (var attribute in context.Compilation.Assembly.GetAttributes())
        {
            if (attribute.AttributeClass.Is(types.HandlerJsonAttribute)
                && attribute.ApplicationSyntaxReference is { } written && written.SyntaxTree == list.SyntaxTree && list.Span.Contains(written.Span)
                && JsonContexts.ContextOf(attribute) is { TypeKind: not TypeKind.Error } type && !JsonContexts.IsUsable(type, types))
            {
                var what = $"'{type.ToText()}' is no JsonSerializerContext that generated code can reach";
                context.ReportDiagnostic(new Problem(HandlerRules.NoJsonContext, attribute.Place(null, context.CancellationToken), what).ToDiagnostic());
            }
        }
    }
}
