using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.Kafka;

/// <summary>REL2001: turns auto-commit off, and commits after the work where the consume loop is in view.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AutoCommitFix))]
public sealed class AutoCommitFix() : MessagingFix(Rules.AutoCommit, "Turn off auto-commit")
{
    private const string Key = "enable.auto.commit";

    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        var cause = diagnostic.AdditionalLocations.Count > 0 ? diagnostic.AdditionalLocations[0] : diagnostic.Location;
        if (await edits.AtAsync(cause).ConfigureAwait(false) is not var (document, node))
            return;

        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (consumer, use))
            return;

        // Offsets that nobody commits, or that are committed before the work is done, lose more than auto-commit does.
        var loops = ConsumeLoops.Of(consumer, use);
        if (loops is { HaveDetachedWork: true })
            return;

        var mended = diagnostic.Says(DiagnosticKeys.Cause, DiagnosticKeys.CauseUnset)
            ? Set(document, node) || Set(consumer, Initializer(consumer, use))
            : Rewrite(document, node);
        if (mended)
            loops?.CommitAfterWork();
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
    private static bool Set(DocumentEdits edits, SyntaxNode node)
    {
        if (node.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>() is not { } creation || edits.Model.GetTypeInfo(creation).Type is not { } type)
            return false;

        var property = Ancestry(type).SelectMany(ancestor => ancestor.GetMembers("EnableAutoCommit")).OfType<IPropertySymbol>().FirstOrDefault();
        if (property is null && type.Name != "Dictionary")
            return false;

        if (!edits.Claim(creation))
            return true;

        if (property is not null)
            edits.SetMember(creation, property.Name, CallEdits.False);
        else
            edits.SetKey(creation, Key, "false");
        return true;
    }

    /// <summary><c>EnableAutoCommit = true</c>, <c>["enable.auto.commit"] = "true"</c>, <c>{ "enable.auto.commit", "true" }</c>, <c>Set(…)</c>.</summary>
    private static bool Rewrite(DocumentEdits edits, SyntaxNode node)
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
        edits.Replace(value, isText ? InitializerEdits.Text("false") : CallEdits.False);
        return true;
    }

    private static IEnumerable<ITypeSymbol> Ancestry(ITypeSymbol type)
    {
        for (ITypeSymbol? ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
            yield return ancestor;
    }
}
