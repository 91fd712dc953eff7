using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>Version 6: a publish returns before its confirm, so whoever publishes waits for it, once for all publishes in a row or in a loop.</summary>
internal static class ConfirmWait
{
    /// <summary>Adds the waits for all publishes on a publish's channel, unless the code waits or listens already.</summary>
    /// <param name="edits">The document with the publish.</param>
    /// <param name="publish">A publish on the channel.</param>
    /// <param name="given">The name of a channel that had none; only this publish can use it.</param>
    public static void Add(DocumentEdits edits, IInvocationOperation publish, string? given)
    {
        if (publish.Syntax is not InvocationExpressionSyntax call)
            return;

        if (given is not null)
        {
            if (edits.Statements.CanFollow(call))
                edits.Statements.After(call, Wait(given));
            return;
        }

        if (edits.Receiver(publish) is not { } receiver || !CallEdits.IsRepeatable(receiver) || edits.Model.GetSymbolInfo(receiver).Symbol is not { } channel)
            return;

        var scope = ScopeOf(channel, call);
        if (scope.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Any(access => Observes(edits, access, channel)))
            return;

        var publishes = scope.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(other => IsPublishOn(edits, other, channel)).ToArray();
        foreach (var other in publishes)
        {
            if (edits.Statements.CanFollow(other) && !IsFollowedBy(other, publishes))
                AddAfter(edits, other, channel);
        }
    }

    private static void AddAfter(DocumentEdits edits, InvocationExpressionSyntax publish, ISymbol channel)
    {
        var wait = Wait(((MemberAccessExpressionSyntax)publish.Expression).Expression.WithoutTrivia().ToString());
        if (LoopAround(publish, channel) is not { } loop)
        {
            if (edits.Claim(publish))
                edits.Statements.After(publish, wait);
        }
        else if (edits.Claim(loop))
        {
            edits.Statements.After(loop, wait);
        }
    }

    private static string Wait(string channel) => $"{channel}.WaitForConfirmsOrDie();";

    private static bool Observes(DocumentEdits edits, MemberAccessExpressionSyntax access, ISymbol channel) =>
        access.Name.Identifier.Text is "WaitForConfirms" or "WaitForConfirmsOrDie" or "BasicAcks" or "BasicNacks"
        && SymbolEqualityComparer.Default.Equals(edits.Model.GetSymbolInfo(access.Expression).Symbol, channel);

    private static bool IsPublishOn(DocumentEdits edits, InvocationExpressionSyntax call, ISymbol channel) =>
        call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "BasicPublish" } access
        && SymbolEqualityComparer.Default.Equals(edits.Model.GetSymbolInfo(access.Expression).Symbol, channel);

    private static SyntaxNode ScopeOf(ISymbol channel, SyntaxNode use) => (channel is ILocalSymbol or IParameterSymbol
        ? use.Ancestors().FirstOrDefault(node => node is MemberDeclarationSyntax and not GlobalStatementSyntax)
        : use.FirstAncestorOrSelf<TypeDeclarationSyntax>()) ?? use.SyntaxTree.GetRoot();

    /// <summary>Whether the next statement publishes too; one wait serves both.</summary>
    private static bool IsFollowedBy(InvocationExpressionSyntax publish, InvocationExpressionSyntax[] publishes)
    {
        if (publish.Parent is not ExpressionStatementSyntax { Parent: { } parent } statement)
            return false;

        SyntaxNode place = parent is GlobalStatementSyntax ? parent : statement;
        var next = place.Parent!.ChildNodes().SkipWhile(node => node != place).Skip(1).FirstOrDefault();
        return ((next as GlobalStatementSyntax)?.Statement ?? next) is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } && publishes.Contains(call);
    }

    /// <summary>The outermost finite loop that publishes on a channel from outside it, if nothing leaves the loop past the wait.</summary>
    private static StatementSyntax? LoopAround(InvocationExpressionSyntax publish, ISymbol channel)
    {
        StatementSyntax? outermost = null;
        for (var node = publish.Parent?.Parent; node is BlockSyntax or IfStatementSyntax or ElseClauseSyntax or ForEachStatementSyntax or ForStatementSyntax; node = node.Parent)
        {
            if (node is not (ForEachStatementSyntax or ForStatementSyntax { Condition: not null }))
                continue;

            var isMadeInside = channel.DeclaringSyntaxReferences.Any(declared => declared.SyntaxTree == node.SyntaxTree && node.Span.Contains(declared.Span));
            if (isMadeInside || node.DescendantNodes().Any(inner => inner is ReturnStatementSyntax or GotoStatementSyntax))
                break;
            outermost = (StatementSyntax)node;
        }

        return outermost;
    }
}
