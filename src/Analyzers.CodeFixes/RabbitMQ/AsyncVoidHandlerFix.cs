using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1009: has the client wait: an asynchronous consumer, on a factory that dispatches to it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AsyncVoidHandlerFix))]
public sealed class AsyncVoidHandlerFix() : MessagingFix(Rules.AsyncVoidHandler, "Use an asynchronous consumer")
{
    private const string Dispatch = "DispatchConsumersAsync";

    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (diagnostic.Says(DiagnosticKeys.Cause, DiagnosticKeys.CauseUnset))
        {
            await DispatchAsync(edits, diagnostic.AdditionalLocations[0]).ConfigureAwait(false);
            return;
        }

        // Both are needed: an asynchronous consumer on a factory that does not dispatch to it never runs.
        if (!diagnostic.Says(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten) || diagnostic.AdditionalLocations.Count != 2
            || await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, handler) || handler.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>() is null
            || await edits.AtAsync(diagnostic.AdditionalLocations[0]).ConfigureAwait(false) is not var (owner, made) || made.FirstAncestorOrSelf<ObjectCreationExpressionSyntax>() is not { } creation
            || creation.Parent is not EqualsValueClauseSyntax { Parent.Parent: VariableDeclarationSyntax { Type.IsVar: true } } || OthersAreSynchronous(document, owner))
        {
            return;
        }

        if (await DispatchAsync(edits, diagnostic.AdditionalLocations[1]).ConfigureAwait(false) && owner.Claim(creation))
            owner.Change(creation, static current => current.WithType(SyntaxFactory.ParseTypeName(current.Type.WithoutTrivia().ToString().Replace("EventingBasicConsumer", "AsyncEventingBasicConsumer")).WithTriviaFrom(current.Type)));
    }

    /// <summary>A factory dispatches to one kind of consumer only, and handlers that cast their sender know its type.</summary>
    private static bool OthersAreSynchronous(DocumentEdits document, DocumentEdits owner) =>
        !ReferenceEquals(document, owner)
        || document.Root.DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(static one => one.Left is MemberAccessExpressionSyntax { Name.Identifier.Text: "Received" }
            && one.Right is not AnonymousFunctionExpressionSyntax { AsyncKeyword.RawKind: (int)SyntaxKind.AsyncKeyword })
        || document.Root.DescendantNodes().OfType<CastExpressionSyntax>().Any(static one => one.Type.ToString().EndsWith("EventingBasicConsumer", StringComparison.Ordinal));

    private static async Task<bool> DispatchAsync(SolutionEdits edits, Location factory)
    {
        if (await edits.AtAsync(factory).ConfigureAwait(false) is not var (document, node) || node.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>() is not { } creation)
            return false;

        if (creation.Initializer?.Expressions.OfType<AssignmentExpressionSyntax>().FirstOrDefault(static one => one.Left is IdentifierNameSyntax { Identifier.Text: Dispatch }) is { } written)
            document.Replace(written.Right, CallEdits.True);
        else if (document.Claim(creation))
            document.SetMember(creation, Dispatch, CallEdits.True);
        return true;
    }
}
