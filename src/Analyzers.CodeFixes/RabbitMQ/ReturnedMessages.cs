using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>
/// Version 6: has the code hear of messages that come back. The broker returns a message before it confirms it, so whoever waits for the confirms can look right after whether one did.
/// </summary>
internal static class ReturnedMessages
{
    /// <summary>Listens on the channel of a publish, and throws after each wait for its confirms; false where the channel is no local of the function, or nothing waits.</summary>
    public static bool Listen(DocumentEdits edits, IInvocationOperation publish)
    {
        if (edits.Receiver(publish) is not IdentifierNameSyntax receiver || edits.Model.GetSymbolInfo(receiver).Symbol is not ILocalSymbol { DeclaringSyntaxReferences: { Length: 1 } declared } channel
            || declared[0].GetSyntax() is not VariableDeclaratorSyntax { Initializer: not null, Parent.Parent: LocalDeclarationStatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax } declaration }
            || FunctionOf(declaration) is var function && FunctionOf(receiver) != function)
        {
            return false;
        }

        var waits = function.DescendantNodes().OfType<ExpressionStatementSyntax>().Where(one => IsWait(edits, one, channel) && FunctionOf(one) == function).ToList();
        if (waits.All(one => one.SpanStart < receiver.SpanStart))
            return false;

        if (!edits.Claim(declaration))
            return true;

        var returned = edits.FreeName(receiver, "returned");
        var type = edits.Model.GetNullableContext(declaration.SpanStart).AnnotationsEnabled() ? "string?" : "string";
        edits.Statements.After(declaration, $"{type} {returned} = null;");
        edits.Statements.After(declaration, $"{channel.Name}.BasicReturn += (_, message) => {returned} = message.RoutingKey;");
        var exception = edits.Model.LookupNamespacesAndTypes(receiver.SpanStart, name: nameof(InvalidOperationException)).IsEmpty ? "System.InvalidOperationException" : nameof(InvalidOperationException);
        foreach (var wait in waits)
            edits.Statements.After(wait, $"if ({returned} != null){edits.NewLine.ToFullString()}throw new {exception}($\"No queue took the message with the routing key '{{{returned}}}'.\");");
        return true;
    }

    private static bool IsWait(DocumentEdits edits, ExpressionStatementSyntax statement, ISymbol channel) =>
        statement is { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "WaitForConfirmsOrDie" } access }, Parent: BlockSyntax or GlobalStatementSyntax }
        && SymbolEqualityComparer.Default.Equals(edits.Model.GetSymbolInfo(access.Expression).Symbol, channel);

    private static SyntaxNode FunctionOf(SyntaxNode node) => node.Ancestors().First(static outer =>
        outer is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or CompilationUnitSyntax || (outer is MemberDeclarationSyntax and not GlobalStatementSyntax));
}
