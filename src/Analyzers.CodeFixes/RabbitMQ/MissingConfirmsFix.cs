using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>
/// REL1202: turns publisher confirms on where the channel is created, and waits for them: version 7 does as it tracks them, version 6 after
/// the publish. Many publishes share one channel, and it is mended once.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MissingConfirmsFix))]
public sealed class MissingConfirmsFix() : MessagingFix(Rules.MissingConfirms, "Turn on publisher confirms")
{
    private const string Enabled = "publisherConfirmationsEnabled";
    private const string Tracked = "publisherConfirmationTrackingEnabled";

    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (diagnostic.AdditionalLocations.Count == 0)
            return;

        if (diagnostic.AdditionalLocations.Count > 1
            && await edits.AtAsync(diagnostic.AdditionalLocations[1]).ConfigureAwait(false) is var (optionsDocument, atOptions)
            && optionsDocument.Model.GetOperation(atOptions.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>() ?? atOptions) is IObjectCreationOperation options)
        {
            TurnOn(optionsDocument, options);
        }
        else if (await edits.AtAsync(diagnostic.AdditionalLocations[0]).ConfigureAwait(false) is var (document, node)
            && node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } creation)
        {
            if (TurnOn(document, creation, out var given)
                && await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is var (publisher, at) && publisher.CallAt(at) is { } publish)
            {
                ConfirmWait.Add(publisher, publish, given);
            }
        }
    }

    /// <summary>True where somebody has to wait for the confirms; then also the name that an unnamed channel was given.</summary>
    private static bool TurnOn(DocumentEdits edits, InvocationExpressionSyntax creation, out string? given)
    {
        given = null;
        if (edits.Model.GetOperation(creation) is not IInvocationOperation call)
            return false;

        if (call.TargetMethod.Name == "CreateModel")
            return edits.CallOnResult(creation, "channel", channel => $"{channel}.ConfirmSelect();", out given);

        if (call.TargetMethod.ContainingAssembly.GetTypeByMetadataName("RabbitMQ.Client.CreateChannelOptions") is { } type && edits.Claim(creation))
        {
            var options = SyntaxFactory.ObjectCreationExpression(
                SyntaxFactory.Token(SyntaxKind.NewKeyword).WithTrailingTrivia(SyntaxFactory.Space), edits.Name(type).WithoutTrivia(), BothOn(), null);
            if (call.Written("options") is { } written)
                edits.Replace(written.Expression, options);
            else
                edits.Insert(creation.ArgumentList, 0, SyntaxFactory.Argument(options));
        }

        return false;
    }

    /// <summary>Options in view that say false. Without tracking nobody awaits the confirm, so that is turned on along with it.</summary>
    private static void TurnOn(DocumentEdits edits, IObjectCreationOperation options)
    {
        foreach (var parameter in new[] { Enabled, Tracked })
        {
            if (options.Argument(parameter) is { Syntax: ArgumentSyntax written } argument && argument.Value.ConstantValue is not { HasValue: true, Value: true })
                edits.Replace(written.Expression, CallEdits.True);
        }
    }

    private static ArgumentListSyntax BothOn() => SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(
        [CallEdits.Named(Enabled, CallEdits.True), CallEdits.Named(Tracked, CallEdits.True)],
        [SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space)]));
}
