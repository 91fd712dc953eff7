using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1201: makes the message's properties persistent, creating them where there are none.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TransientMessageFix))]
public sealed class TransientMessageFix() : MessagingFix(Rules.TransientMessage, "Make the message persistent")
{
    private const string Persistent = "Persistent";

    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        var cause = diagnostic.AdditionalLocations.Count > 0 ? diagnostic.AdditionalLocations[0] : diagnostic.Location;
        if (await edits.AtAsync(cause).ConfigureAwait(false) is not var (document, node))
            return;

        if (diagnostic.Says(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten))
            Rewrite(document, node);
        else if (diagnostic.Says(DiagnosticKeys.Cause, DiagnosticKeys.CauseUnset))
            SetOnCreated(document, node);
        else if (document.CallAt(node) is { } publish)
            Add(document, publish);
    }

    /// <summary><c>Persistent = false</c>, <c>DeliveryMode = 1</c>, <c>DeliveryMode = DeliveryModes.Transient</c>.</summary>
    private static void Rewrite(DocumentEdits edits, SyntaxNode node)
    {
        if (node.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is not { } assignment
            || edits.Model.GetSymbolInfo(assignment.Left).Symbol is not IPropertySymbol property)
        {
            return;
        }

        ExpressionSyntax value = property.Name == Persistent ? CallEdits.True
            : property.Type is INamedTypeSymbol { TypeKind: TypeKind.Enum } modes
                ? SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, edits.Name(modes), SyntaxFactory.IdentifierName(Persistent))
                : SyntaxFactory.LiteralExpression(SyntaxKind.NumericLiteralExpression, SyntaxFactory.Literal(2));
        edits.Replace(assignment.Right, value);
    }

    private static void SetOnCreated(DocumentEdits edits, SyntaxNode node)
    {
        if (node.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>() is { } creation && creation.Span.Start == node.Span.Start)
        {
            if (edits.Claim(creation))
                edits.SetMember(creation, Persistent, CallEdits.True);
        }
        else if (node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "CreateBasicProperties" } } call)
        {
            // Version 6.
            edits.CallOnResult(call, "properties", properties => $"{properties}.Persistent = true;", out _);
        }
    }

    private static void Add(DocumentEdits edits, IInvocationOperation publish)
    {
        var parameter = publish.TargetMethod.Parameters.FirstOrDefault(p => p.Name is "basicProperties" or "properties")?.Name;
        if (publish.TargetMethod.Name == "BasicPublishAsync")
            AddInPlace(edits, publish, parameter);
        else if (parameter is not null && Channel(edits, publish) is { } channel && CallEdits.IsRepeatable(channel))
            AddBefore(edits, publish, parameter, channel);
    }

    /// <summary>The channel that publishes, or that made the batch that does.</summary>
    private static ExpressionSyntax? Channel(DocumentEdits edits, IInvocationOperation publish)
    {
        var receiver = edits.Receiver(publish);
        if (publish.TargetMethod.Name != "Add" || receiver is null)
            return receiver;

        return edits.Model.GetSymbolInfo(receiver).Symbol is ILocalSymbol { DeclaringSyntaxReferences: { Length: 1 } declared }
            && declared[0].GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax made } }
            && made.Name.Identifier.Text == "CreateBasicPublishBatch"
            ? made.Expression
            : null;
    }

    /// <summary>Version 6: only a channel makes properties.</summary>
    private static void AddBefore(DocumentEdits edits, IInvocationOperation publish, string parameter, ExpressionSyntax channel)
    {
        var call = (InvocationExpressionSyntax)publish.Syntax;
        if (!StatementEdits.CanPrecede(call) || !edits.Claim(call))
            return;

        var properties = edits.FreeName(call, "properties");
        edits.Statements.Before(call, $"var {properties} = {channel.WithoutTrivia()}.CreateBasicProperties();", $"{properties}.Persistent = true;");
        edits.Pass(publish, parameter, SyntaxFactory.IdentifierName(properties));
    }

    /// <summary>Version 7: the overloads without properties lack <c>mandatory</c> too, or have it just before the body.</summary>
    private static void AddInPlace(DocumentEdits edits, IInvocationOperation publish, string? parameter)
    {
        if (publish.TargetMethod.ContainingAssembly.GetTypeByMetadataName("RabbitMQ.Client.BasicProperties") is not { } type)
            return;

        var properties = InitializerEdits.New(edits.Name(type), Persistent, CallEdits.True);
        if (parameter is not null)
        {
            edits.Pass(publish, parameter, properties);
            return;
        }

        if (edits.IsCalledOnType(publish) || publish.Written("body")?.Parent is not ArgumentListSyntax list || !edits.Claim(list))
            return;

        var body = list.Arguments.IndexOf(publish.Written("body")!);
        edits.Insert(list, body, CallEdits.Named("basicProperties", properties));
        if (publish.TargetMethod.Parameters.All(p => p.Name != "mandatory"))
            edits.Insert(list, body, CallEdits.Named("mandatory", CallEdits.False));
    }
}
