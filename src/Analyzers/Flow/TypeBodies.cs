using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliability.Analyzers.Flow;

/// <summary>All code of one type and of the types nested in it, over all its partial declarations: whatever can touch its private members.</summary>
internal sealed class TypeBodies
{
    private readonly Dictionary<ISymbol, List<Body>> _byReference = new(SymbolEqualityComparer.Default);

    public TypeBodies(INamedTypeSymbol type, CompilationFlow flow)
    {
        var all = new List<Body>();
        foreach (var declaration in type.DeclaringSyntaxReferences)
        {
            var syntax = declaration.GetSyntax();
            foreach (var body in CodeIn(syntax))
            {
                if (flow.BodyOf(body) is { } read)
                    all.Add(read);
            }
        }

        All = all;
        foreach (var body in all)
        {
            foreach (var symbol in body.Symbols)
            {
                if (!_byReference.TryGetValue(symbol, out var bodies))
                    _byReference.Add(symbol, bodies = new List<Body>());
                bodies.Add(body);
            }
        }
    }

    public IReadOnlyList<Body> All { get; }

    /// <summary>The bodies that refer to a symbol.</summary>
    public IReadOnlyList<Body> Touching(ISymbol symbol) => _byReference.TryGetValue(symbol, out var bodies) ? bodies : Array.Empty<Body>();

    private static IEnumerable<SyntaxNode> CodeIn(SyntaxNode declaration)
    {
        if (declaration is CompilationUnitSyntax program)
        {
            if (program.Members.Any(SyntaxKind.GlobalStatement))
                yield return program;
            yield break;
        }

        // Expressions and statements hold no further members; only declarations are entered.
        foreach (var node in declaration.DescendantNodes(inner => inner is BaseTypeDeclarationSyntax or BaseFieldDeclarationSyntax or VariableDeclarationSyntax
                     or VariableDeclaratorSyntax or BasePropertyDeclarationSyntax or AccessorListSyntax))
        {
            switch (node)
            {
                case BaseMethodDeclarationSyntax or AccessorDeclarationSyntax { Body: not null } or AccessorDeclarationSyntax { ExpressionBody: not null }:
                case EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax or VariableDeclaratorSyntax }:
                case ArrowExpressionClauseSyntax { Parent: BasePropertyDeclarationSyntax }:
                    yield return node;
                    break;
            }
        }
    }
}
