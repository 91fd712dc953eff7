using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.CodeFixes.Edits;

/// <summary>Arguments of calls, found and added by their parameter's name.</summary>
internal static class CallEdits
{
    public static readonly ExpressionSyntax True = SyntaxFactory.LiteralExpression(SyntaxKind.TrueLiteralExpression);
    public static readonly ExpressionSyntax False = SyntaxFactory.LiteralExpression(SyntaxKind.FalseLiteralExpression);

    /// <summary>The call that a diagnostic is about: it stands at one of its arguments, or at its name.</summary>
    public static IInvocationOperation? CallAt(this DocumentEdits edits, SyntaxNode node)
    {
        var called = node.Parent is MemberAccessExpressionSyntax or MemberBindingExpressionSyntax && node is SimpleNameSyntax ? node.Parent : node;
        var call = called.Parent is InvocationExpressionSyntax named && named.Expression == called
            ? named
            : node.FirstAncestorOrSelf<ArgumentSyntax>()?.Parent?.Parent as InvocationExpressionSyntax;
        return call is null ? null : edits.Model.GetOperation(call) as IInvocationOperation;
    }

    /// <summary>The argument as written, or null where it is omitted.</summary>
    public static ArgumentSyntax? Written(this IInvocationOperation call, string parameter) =>
        call.Argument(parameter) is { } argument && !argument.IsOmitted() ? argument.Syntax as ArgumentSyntax : null;

    /// <summary>Passes a value for a parameter: in the place of what is written, or by name, in the order of the parameters.</summary>
    public static void Pass(this DocumentEdits edits, IInvocationOperation call, string parameter, ExpressionSyntax value)
    {
        if (call.Written(parameter) is { } written)
        {
            edits.Replace(written.Expression, value);
            return;
        }

        if (call.Syntax is not InvocationExpressionSyntax { ArgumentList: { } list })
            return;

        var arguments = list.Arguments;
        var index = arguments.Count;
        while (index > 0 && arguments[index - 1].NameColon is { } name && Ordinal(call, name.Name.Identifier.Text) > Ordinal(call, parameter))
            index--;
        edits.Insert(list, index, Named(parameter, value));
    }

    private static int Ordinal(IInvocationOperation call, string parameter) =>
        call.TargetMethod.Parameters.FirstOrDefault(p => p.Name == parameter)?.Ordinal ?? -1;

    public static void Insert(this DocumentEdits edits, ArgumentListSyntax list, int index, ArgumentSyntax argument) =>
        edits.Change(list, current => current.WithArguments(current.Arguments.InsertLikeNeighbours(index, argument, edits.NewLine)));

    public static ArgumentSyntax Named(string parameter, ExpressionSyntax value) => SyntaxFactory.Argument(
        SyntaxFactory.NameColon(SyntaxFactory.IdentifierName(parameter)).WithTrailingTrivia(SyntaxFactory.Space), default, value);

    /// <summary>What a method is called on, as written: <c>channel</c> in <c>channel.BasicAck(…)</c> and <c>IModelExensions.BasicGet(channel, …)</c>.</summary>
    public static ExpressionSyntax? Receiver(this DocumentEdits edits, IInvocationOperation call) => call.Syntax switch
    {
        InvocationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } invocation when edits.IsCalledOnType(call) => invocation.ArgumentList.Arguments[0].Expression,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Expression,
        _ => null,
    };

    /// <summary>Whether an extension method is called by its class's name, where no instance method can take its place.</summary>
    public static bool IsCalledOnType(this DocumentEdits edits, IInvocationOperation call) =>
        call is { TargetMethod.IsExtensionMethod: true, Syntax: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } }
        && edits.Model.GetSymbolInfo(access.Expression).Symbol is INamedTypeSymbol;

    /// <summary>Whether an expression can be written a second time with the same meaning: names and members, no calls.</summary>
    public static bool IsRepeatable(ExpressionSyntax? expression) => expression switch
    {
        IdentifierNameSyntax or ThisExpressionSyntax => true,
        MemberAccessExpressionSyntax access => IsRepeatable(access.Expression),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } suppressed => IsRepeatable(suppressed.Operand),
        _ => false,
    };
}
