using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Reliability.Analyzers.Flow;

/// <summary>Finds code by a name that it must spell, without reading files that do not.</summary>
internal static class SourceSearch
{
    // Whole compilations are searched, one file after the other: a buffer for each file would cost more than what is found.
    [ThreadStatic]
    private static char[]? _buffer;

    /// <summary>The bodies of a compilation in which a name is written.</summary>
    public static IEnumerable<Body> BodiesNaming(string name, Compilation compilation, CompilationFlow flow) => compilation.SyntaxTrees
        .Where(tree => Mentions(tree.GetText(), name))
        .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>().Where(one => one.Identifier.ValueText == name))
        .Select(CodeAround).OfType<SyntaxNode>().Distinct().Select(flow.BodyOf).OfType<Body>();

    /// <summary>The bodies of a compilation in which objects of a type may be created: by its name, or by <c>new(…)</c> in a file that names it.</summary>
    public static IEnumerable<Body> BodiesCreating(string type, Compilation compilation, CompilationFlow flow) => compilation.SyntaxTrees
        .Where(tree => Mentions(tree.GetText(), type))
        .SelectMany(static tree => tree.GetRoot().DescendantNodes())
        .Where(one => one is ImplicitObjectCreationExpressionSyntax or ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax || (one is ObjectCreationExpressionSyntax { Type: var made } && NameOf(made) == type))
        .Select(CodeAround).OfType<SyntaxNode>().Distinct().Select(flow.BodyOf).OfType<Body>();

    /// <summary>Whether a type is handed to a method as a type argument or as <c>typeof</c>, as one is that a container creates.</summary>
    public static bool IsNamedAsTypeArgument(string type, Compilation compilation) => compilation.SyntaxTrees
        .Where(tree => Mentions(tree.GetText(), type))
        .SelectMany(static tree => tree.GetRoot().DescendantNodes())
        .Any(one => one switch
        {
            TypeOfExpressionSyntax { Type: var named } => NameOf(named) == type,
            GenericNameSyntax { Parent: not TypeArgumentListSyntax } generic => generic.Parent is MemberAccessExpressionSyntax or MemberBindingExpressionSyntax or InvocationExpressionSyntax
                && generic.TypeArgumentList.Arguments.Any(argument => NameOf(argument) == type),
            _ => false,
        });

    private static string? NameOf(TypeSyntax type) => type switch
    {
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        NullableTypeSyntax nullable => NameOf(nullable.ElementType),
        _ => null,
    };

    /// <summary>Searches a file without copying it as a whole.</summary>
    public static bool Mentions(SourceText text, string word)
    {
        var buffer = _buffer ??= new char[4096];
        for (var start = 0; start < text.Length; start += buffer.Length - word.Length)
        {
            var length = Math.Min(buffer.Length, text.Length - start);
            text.CopyTo(start, buffer, 0, length);
            for (var at = Array.IndexOf(buffer, word[0], 0, length); at >= 0 && at + word.Length <= length; at = Array.IndexOf(buffer, word[0], at + 1, length - at - 1))
            {
                var same = 1;
                while (same < word.Length && buffer[at + same] == word[same])
                    same++;
                if (same == word.Length)
                    return true;
            }
        }

        return false;
    }

    /// <summary>The syntax that makes the body around a node.</summary>
    public static SyntaxNode? CodeAround(SyntaxNode node)
    {
        for (var outer = node.Parent; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case BaseMethodDeclarationSyntax or AccessorDeclarationSyntax:
                case EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } }:
                case ArrowExpressionClauseSyntax { Parent: BasePropertyDeclarationSyntax }:
                    return outer;
                case GlobalStatementSyntax:
                    return outer.Parent;
            }
        }

        return null;
    }
}
