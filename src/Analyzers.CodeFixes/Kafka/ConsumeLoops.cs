using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.Kafka;

/// <summary>The loops that consume from one consumer, as far as its type's code shows them.</summary>
internal sealed class ConsumeLoops
{
    private readonly DocumentEdits _edits;
    private readonly (InvocationExpressionSyntax Consume, LastStep Step)[] _loops;

    private ConsumeLoops(DocumentEdits edits, IEnumerable<InvocationExpressionSyntax> consumes)
    {
        _edits = edits;
        _loops = consumes.Select(consume => (consume, Step: LastStep.Of(consume)!)).Where(loop => loop.Step is not null && IsInLoop(loop.Step.Work)).ToArray();
    }

    /// <summary>Whether a record's work may still go on where a commit would follow it.</summary>
    public bool HaveDetachedWork => _loops.Any(loop => DetachedWork.IsIn(_edits, loop.Step.Work));

    /// <summary>The loops of one consumer; null where it is out of view, or commits by itself.</summary>
    /// <param name="edits">The document with the consumer.</param>
    /// <param name="use">A node of the expression that builds the consumer, or of a statement that names it.</param>
    public static ConsumeLoops? Of(DocumentEdits edits, SyntaxNode use)
    {
        if (ConsumerOf(edits, use) is not { } consumer || ScopeOf(consumer, use) is not { } scope)
            return null;

        var calls = scope.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(call => IsOn(edits, call, consumer)).ToArray();
        return calls.Any(call => MethodName(call) is "Commit" or "StoreOffset")
            ? null
            : new ConsumeLoops(edits, calls.Where(call => MethodName(call) == "Consume"));
    }

    /// <summary>
    /// Adds <c>consumer.Commit(result)</c> as the last step for each record. A loop that skips a record by <c>continue</c> needs none
    /// there: the next commit covers it.
    /// </summary>
    public void CommitAfterWork()
    {
        foreach (var (consume, step) in _loops)
        {
            // With a timeout there may be no record, and then nothing to commit.
            var consumer = ((MemberAccessExpressionSyntax)consume.Expression).Expression.WithoutTrivia();
            step.Append(_edits, MayBeNull(_edits, consume), $"{consumer}.Commit({step.Received});");
        }
    }

    /// <summary>
    /// The one loop that consumes from a consumer, and the consumer as it is named there; null where there are several, or where something but <c>Dispose</c> follows on the consumer.
    /// </summary>
    public static (StatementSyntax Loop, ExpressionSyntax Consumer)? LoopOf(DocumentEdits edits, SyntaxNode use)
    {
        if (ConsumerOf(edits, use) is not { } consumer || ScopeOf(consumer, use) is not { } scope)
            return null;

        var consumes = scope.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(call => MethodName(call) == "Consume" && IsOn(edits, call, consumer)).ToList();
        var loops = consumes.Select(consume => OutermostLoop(consume, use)).Distinct().ToList();
        if (loops.Count != 1 || loops[0] is not { Parent: BlockSyntax or GlobalStatementSyntax } loop || IsUsedAfter(edits, consumer, loop))
            return null;

        return (loop, ((MemberAccessExpressionSyntax)consumes[0].Expression).Expression);
    }

    /// <summary>The outermost loop of a function that goes on with one consumer: a loop that builds one in each turn must close each.</summary>
    private static StatementSyntax? OutermostLoop(SyntaxNode consume, SyntaxNode build) => consume.Ancestors()
        .TakeWhile(node => node is not (MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax) or GlobalStatementSyntax)
        .TakeWhile(node => !node.Span.Contains(build.Span))
        .LastOrDefault(static node => node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax) as StatementSyntax;

    /// <summary>Whether code after a loop, in its function, still works on the consumer.</summary>
    private static bool IsUsedAfter(DocumentEdits edits, ISymbol consumer, StatementSyntax loop)
    {
        var function = loop.Ancestors().FirstOrDefault(static node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax || (node is MemberDeclarationSyntax and not GlobalStatementSyntax)) ?? edits.Root;
        return function.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call => call.SpanStart > loop.Span.End && MethodName(call) != "Dispose" && IsOn(edits, call, consumer));
    }

    private static ISymbol? ConsumerOf(DocumentEdits edits, SyntaxNode use)
    {
        foreach (var node in use.AncestorsAndSelf())
        {
            switch (node)
            {
                case VariableDeclaratorSyntax variable when edits.Model.GetDeclaredSymbol(variable) is { } declared:
                    return IsConsumer(declared) ? declared : BuiltBy(edits, declared, variable);
                case AssignmentExpressionSyntax assignment when edits.Model.GetSymbolInfo(assignment.Left).Symbol is { } assigned && IsConsumer(assigned):
                    return assigned;
                case StatementSyntax or MemberDeclarationSyntax:
                    return null;
            }
        }

        return null;
    }

    /// <summary>The consumer that a builder kept in a local makes: <c>var consumer = builder.Build();</c>.</summary>
    private static ISymbol? BuiltBy(DocumentEdits edits, ISymbol builder, SyntaxNode use)
    {
        if (TypeOf(builder) != "ConsumerBuilder" || ScopeOf(builder, use) is not { } scope)
            return null;

        var builds = scope.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(call => MethodName(call) == "Build" && call.DescendantNodes().OfType<IdentifierNameSyntax>()
                .Any(name => name.Identifier.Text == builder.Name && SymbolEqualityComparer.Default.Equals(edits.Model.GetSymbolInfo(name).Symbol, builder)))
            .ToArray();
        return builds.Length == 1 ? ConsumerOf(edits, builds[0]) : null;
    }

    private static bool IsConsumer(ISymbol symbol) => TypeOf(symbol) == "IConsumer";

    private static string? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type.Name,
        IFieldSymbol field => field.Type.Name,
        IPropertySymbol property => property.Type.Name,
        _ => null,
    };

    private static SyntaxNode? ScopeOf(ISymbol consumer, SyntaxNode use) => consumer is ILocalSymbol
        ? use.AncestorsAndSelf().FirstOrDefault(node => node is MemberDeclarationSyntax and not GlobalStatementSyntax) ?? use.SyntaxTree.GetRoot()
        : use.FirstAncestorOrSelf<TypeDeclarationSyntax>();

    private static bool IsOn(DocumentEdits edits, InvocationExpressionSyntax call, ISymbol consumer) =>
        call.Expression is MemberAccessExpressionSyntax access
        && SymbolEqualityComparer.Default.Equals(edits.Model.GetSymbolInfo(access.Expression).Symbol, consumer);

    private static string? MethodName(InvocationExpressionSyntax call) => (call.Expression as MemberAccessExpressionSyntax)?.Name.Identifier.Text;

    private static bool IsInLoop(SyntaxNode work) => work.Ancestors()
        .TakeWhile(node => node is not (MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax) or GlobalStatementSyntax)
        .Any(node => node is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax);

    private static bool MayBeNull(DocumentEdits edits, InvocationExpressionSyntax consume) =>
        edits.Model.GetSymbolInfo(consume).Symbol is IMethodSymbol { Parameters.Length: 1 } method && method.Parameters[0].Type.Name != "CancellationToken";
}
