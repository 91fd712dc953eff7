using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.Kafka;

/// <summary>One setting of a client's configuration, written where the configuration is made or set: as a property, or as a key of a dictionary.</summary>
/// <param name="Property">The property of the configuration classes.</param>
/// <param name="Key">The key behind it.</param>
/// <param name="Value">What the property becomes, given the document and the property.</param>
/// <param name="Text">What the key becomes.</param>
internal sealed record ConfigEdits(string Property, string Key, Func<DocumentEdits, IPropertySymbol?, ExpressionSyntax> Value, string Text)
{
    /// <summary>Mends what a diagnostic about a builder's configuration says; false where there is no place for it.</summary>
    public async Task<bool> MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        var cause = diagnostic.AdditionalLocations.Count > 0 ? diagnostic.AdditionalLocations[0] : diagnostic.Location;
        if (await edits.AtAsync(cause).ConfigureAwait(false) is not var (document, node) || await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (builder, use))
            return false;

        return diagnostic.Says(DiagnosticKeys.Cause, DiagnosticKeys.CauseUnset) ? Set(document, node) || Set(builder, Initializer(builder, use)) : Rewrite(document, node);
    }

    /// <summary>
    /// Where the builder's own configuration is made, if the dictionary in it comes from another one:
    /// <c>new ConsumerConfig(shared)</c> can say what a shared <c>ClientConfig</c> cannot.
    /// </summary>
    private static SyntaxNode Initializer(DocumentEdits edits, SyntaxNode config) =>
        edits.Model.GetSymbolInfo(config).Symbol is ILocalSymbol { DeclaringSyntaxReferences: { Length: 1 } declared }
        && declared[0].GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } value }
            ? value
            : config;

    /// <summary>The configuration is in view and never says it.</summary>
    private bool Set(DocumentEdits edits, SyntaxNode node)
    {
        if (node.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>() is not { } creation || edits.Model.GetTypeInfo(creation).Type is not { } type)
            return false;

        var property = Ancestry(type).SelectMany(ancestor => ancestor.GetMembers(Property)).OfType<IPropertySymbol>().FirstOrDefault();
        if (property is null && type.Name != "Dictionary")
            return false;

        if (!edits.Claim(creation))
            return true;

        if (property is not null)
            edits.SetMember(creation, property.Name, Value(edits, property));
        else
            edits.SetKey(creation, Key, Text);
        return true;
    }

    /// <summary><c>Property = value</c>, <c>["key"] = "value"</c>, <c>{ "key", "value" }</c>, <c>Set("key", "value")</c>.</summary>
    private bool Rewrite(DocumentEdits edits, SyntaxNode node)
    {
        var value = node switch
        {
            AssignmentExpressionSyntax assignment => assignment.Right,
            InitializerExpressionSyntax { Expressions.Count: 2 } entry => entry.Expressions[1],
            InvocationExpressionSyntax call when edits.Model.GetOperation(call) is IInvocationOperation set =>
                (set.Written("val") ?? set.Written("value"))?.Expression,
            LiteralExpressionSyntax or IdentifierNameSyntax => (ExpressionSyntax)node,
            _ => null,
        };
        if (value is null)
            return false;

        var isText = edits.Model.GetTypeInfo(value).Type?.SpecialType == SpecialType.System_String;
        edits.Replace(value, isText ? InitializerEdits.Text(Text) : Value(edits, null));
        return true;
    }

    private static IEnumerable<ITypeSymbol> Ancestry(ITypeSymbol type)
    {
        for (ITypeSymbol? ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
            yield return ancestor;
    }
}
