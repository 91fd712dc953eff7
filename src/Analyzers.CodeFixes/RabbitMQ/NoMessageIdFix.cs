using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1207: gives each message an id of its own, where its properties are made for it alone.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NoMessageIdFix))]
public sealed class NoMessageIdFix() : MessagingFix(Rules.NoMessageId, "Set a MessageId")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (!diagnostic.Says(DiagnosticKeys.Cause, DiagnosticKeys.CauseUnset) || diagnostic.AdditionalLocations.Count == 0
            || await edits.AtAsync(diagnostic.AdditionalLocations[0]).ConfigureAwait(false) is not var (document, made)
            || await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (_, publish)
            || !IsForOneMessage(made, publish))
        {
            return;
        }

        var id = NewId(document);
        if (made.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>() is { } creation && creation.Span.Start == made.Span.Start)
        {
            if (document.Claim(creation))
                document.SetMember(creation, "MessageId", id);
        }
        else if (made is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "CreateBasicProperties" } } call
            && made.Parent is EqualsValueClauseSyntax or AssignmentExpressionSyntax)
        {
            // Version 6.
            document.CallOnResult(call, "properties", properties => $"{properties}.MessageId = {id};", out _);
        }
    }

    /// <summary>Properties that several publishes share would give all of them one id.</summary>
    private static bool IsForOneMessage(SyntaxNode made, SyntaxNode publish)
    {
        for (var outer = publish.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer.SyntaxTree == made.SyntaxTree && outer.Span.Contains(made.Span))
                return outer is not TypeDeclarationSyntax and not CompilationUnitSyntax || outer is CompilationUnitSyntax && made.FirstAncestorOrSelf<GlobalStatementSyntax>() is not null;
            if (outer is ForStatementSyntax or ForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
                return false;
        }

        return false;
    }

    private static ExpressionSyntax NewId(DocumentEdits edits)
    {
        var guid = edits.Model.Compilation.GetTypeByMetadataName("System.Guid")!;
        var method = guid.GetMembers("CreateVersion7").IsEmpty ? "NewGuid" : "CreateVersion7";
        var name = edits.Model.LookupNamespacesAndTypes(edits.Root.Span.End - 1, name: "Guid").Contains(guid, SymbolEqualityComparer.Default) ? "Guid" : "System.Guid";
        return SyntaxFactory.ParseExpression($"{name}.{method}().ToString()");
    }
}
