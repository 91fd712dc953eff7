using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1105: makes the queue a quorum queue, where it says what becomes of messages that fail too often.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnreplicatedQueueFix))]
public sealed class UnreplicatedQueueFix() : MessagingFix(Rules.UnreplicatedQueue, "Declare a quorum queue")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node) || document.CallAt(node)?.Written("arguments") is not { } arguments)
            return;

        var value = document.Model.GetSymbolInfo(arguments.Expression).Symbol is ILocalSymbol { DeclaringSyntaxReferences: { Length: 1 } declared }
            && declared[0].GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } initializer } ? initializer : arguments.Expression;
        if (value is not BaseObjectCreationExpressionSyntax { Initializer.Expressions: var entries } creation || !Names(entries, "x-dead-letter-exchange") || !document.Claim(creation))
            return;

        if (entries.SelectMany(static entry => entry.DescendantNodes()).OfType<LiteralExpressionSyntax>().FirstOrDefault(static text => text.Token.ValueText == "classic") is { } classic)
            document.Replace(classic, InitializerEdits.Text("quorum"));
        else
            document.SetKey(creation, "x-queue-type", "quorum");
    }

    private static bool Names(SeparatedSyntaxList<ExpressionSyntax> entries, string key) =>
        entries.SelectMany(static entry => entry.DescendantNodes()).OfType<LiteralExpressionSyntax>().Any(text => text.Token.ValueText == key);
}
