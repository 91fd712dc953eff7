using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>Exchanges and queues are mended alike: <c>durable</c> becomes true, and nothing else that the declaration says changes.</summary>
public abstract class DurableFix : MessagingFix
{
    private const string Parameter = "durable";

    private protected DurableFix(string id, string title) : base(id, title)
    {
    }

    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is var (document, node) && document.CallAt(node) is { } call)
            Mend(document, call);
    }

    private static void Mend(DocumentEdits edits, IInvocationOperation call)
    {
        if (ValueOfConstant(edits, call) is { } value)
            edits.Replace(value, CallEdits.True);
        else
            edits.Pass(call, Parameter, CallEdits.True);
    }

    /// <summary>The value of a constant that only ever says <c>durable</c>: changed there, it keeps its name and all its uses.</summary>
    private static LiteralExpressionSyntax? ValueOfConstant(DocumentEdits edits, IInvocationOperation call)
    {
        if (call.Written(Parameter)?.Expression is not IdentifierNameSyntax written
            || edits.Model.GetSymbolInfo(written).Symbol is not { } constant || !IsOfThisFile(constant)
            || constant.DeclaringSyntaxReferences[0].GetSyntax() is not VariableDeclaratorSyntax { Initializer.Value: LiteralExpressionSyntax value }
            || value.SyntaxTree != edits.Root.SyntaxTree)
        {
            return null;
        }

        var uses = edits.Root.DescendantNodes().OfType<IdentifierNameSyntax>().Where(name => name.Identifier.Text == constant.Name
            && SymbolEqualityComparer.Default.Equals(edits.Model.GetSymbolInfo(name).Symbol, constant));
        return uses.All(use => edits.CallAt(use)?.Written(Parameter)?.Expression == use) ? value : null;
    }

    private static bool IsOfThisFile(ISymbol constant) => constant is ILocalSymbol { IsConst: true } or IFieldSymbol
    {
        IsConst: true,
        DeclaredAccessibility: Accessibility.Private,
        ContainingType.DeclaringSyntaxReferences.Length: 1,
    };
}
