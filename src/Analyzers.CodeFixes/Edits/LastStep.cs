using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliability.Analyzers.CodeFixes.Edits;

/// <summary>A statement added where the work on a received record or message ends.</summary>
internal sealed class LastStep
{
    private readonly ReceivedTest? _test;

    private LastStep(StatementSyntax work, string received, ReceivedTest? test)
    {
        Work = work;
        Received = received;
        _test = test;
    }

    /// <summary>The block, or the lone statement under an <c>if</c> or a loop, that works on what was received.</summary>
    public StatementSyntax Work { get; }

    /// <summary>The local that holds it there.</summary>
    public string Received { get; }

    /// <summary>
    /// Where the work on a call's result ends: the block that keeps it in a local, what runs only if a pattern found something
    /// (<c>if (call is { } record)</c>), or what follows a pattern that left without. Null where the result goes elsewhere.
    /// </summary>
    public static LastStep? Of(InvocationExpressionSyntax call)
    {
        SyntaxNode value = call;
        while (value.Parent is AwaitExpressionSyntax or ParenthesizedExpressionSyntax or MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" }
            or InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" } })
        {
            value = value.Parent;
        }

        return value.Parent switch
        {
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax { Parent: BlockSyntax block } } local } =>
                new LastStep(block, local.Identifier.Text, null),
            AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax local } assignment
                when assignment.Parent is ExpressionStatementSyntax { Parent: BlockSyntax block } => new LastStep(block, local.Identifier.Text, null),
            _ => ReceivedTest.Of((ExpressionSyntax)value) is { } test && test.Work is { } work ? new LastStep(work, test.Received, test) : null,
        };
    }

    /// <summary>The statements of the work that run only once something was received.</summary>
    public IEnumerable<StatementSyntax> Steps() => (Work is BlockSyntax block ? block.Statements : [Work])
        .Where(statement => statement != _test?.Statement && !ReceivedTest.LeavesWithout(statement, Received));

    /// <summary>Adds the statement where the work's end is reached, under a null check where nothing may have been received.</summary>
    public void Append(DocumentEdits edits, bool mayBeNull, string statement)
    {
        var jump = JumpAtEnd(edits);
        if ((jump is null && !EndIsReached(edits)) || !edits.Claim(Work))
            return;

        if (Work is not BlockSyntax block)
        {
            edits.Statements.After(Work, statement);
            return;
        }

        var guarded = mayBeNull && _test is null && !block.Statements.Any(inner => ReceivedTest.LeavesWithout(inner, Received));
        var gap = block.IsOneLine() ? " " : edits.NewLine.ToFullString();
        var step = edits.StatementIn(block, guarded ? $"if ({Received} is not null){gap}{statement}" : statement);
        edits.Change(block, current => current.WithStatements(current.Statements.Insert(current.Statements.Count - (jump is null ? 0 : 1), step)));
    }

    /// <summary>The <c>return;</c>, <c>break;</c> or <c>continue;</c> that ends the work, and is reached: what is added goes before it.</summary>
    private StatementSyntax? JumpAtEnd(DocumentEdits edits)
    {
        if (Work is not BlockSyntax { Statements: { Count: > 1 } statements } || statements.Last() is not (ReturnStatementSyntax { Expression: null } or BreakStatementSyntax or ContinueStatementSyntax))
            return null;

        return edits.Model.AnalyzeControlFlow(statements.First(), statements[statements.Count - 2]) is { Succeeded: true, EndPointIsReachable: true } ? statements.Last() : null;
    }

    private bool EndIsReached(DocumentEdits edits)
    {
        if (Work is BlockSyntax { Statements.Count: 0 })
            return true;

        var flow = Work is BlockSyntax block
            ? edits.Model.AnalyzeControlFlow(block.Statements.First(), block.Statements.Last())
            : edits.Model.AnalyzeControlFlow(Work);
        return flow is { Succeeded: true, EndPointIsReachable: true };
    }
}
