using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>
/// Gives a queue's declaration a place for dead letters: another queue, declared just before it, that the default exchange leads to. No binding is needed, and nothing leads back.
/// </summary>
internal static class DeadLetterQueue
{
    private const string Exchange = "x-dead-letter-exchange";
    private const string RoutingKey = "x-dead-letter-routing-key";

    /// <summary>Adds the queue and the arguments that lead to it; nothing where the declaration has no place for them.</summary>
    public static void Add(DocumentEdits edits, IInvocationOperation declaration)
    {
        if (declaration.Syntax is not InvocationExpressionSyntax call || edits.HasClaimed(call) || declaration.Written("queue")?.Expression is not { } queue || NameOfDead(queue) is not { } dead
            || edits.Receiver(declaration) is not { } channel || !CallEdits.IsRepeatable(channel) || !StatementEdits.CanPrecede(call) || DeclareDead(declaration, call, channel, dead) is not { } statement
            || !SetArguments(edits, declaration, dead))
        {
            return;
        }

        edits.Claim(call);
        edits.Statements.Before(call, statement);
    }

    /// <summary>What the queue for dead letters is called: <c>"orders.dead"</c>, or <c>Queue + ".dead"</c> where the name is somewhere else.</summary>
    private static string? NameOfDead(ExpressionSyntax queue) => queue switch
    {
        LiteralExpressionSyntax { Token.Value: string { Length: > 0 } name } => InitializerEdits.Text(name + ".dead").ToString(),
        _ when CallEdits.IsRepeatable(queue) => queue.WithoutTrivia() + " + \".dead\"",
        _ => null,
    };

    private static string? DeclareDead(IInvocationOperation declaration, InvocationExpressionSyntax call, ExpressionSyntax channel, string dead)
    {
        var name = $"{channel.WithoutTrivia()}.QueueDeclare";
        if (!declaration.TargetMethod.Name.EndsWith("Async", StringComparison.Ordinal))
            return $"{name}({dead}, durable: true, exclusive: false, autoDelete: false, arguments: null);";

        ExpressionSyntax task = call;
        var configured = "";
        if (call.Parent is MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait", Parent: InvocationExpressionSyntax configure })
        {
            task = configure;
            configured = ".ConfigureAwait" + configure.ArgumentList.WithoutTrivia();
        }

        return task.Parent is AwaitExpressionSyntax ? $"await {name}Async({dead}, durable: true, exclusive: false, autoDelete: false){configured};" : null;
    }

    private static bool SetArguments(DocumentEdits edits, IInvocationOperation declaration, string dead)
    {
        var written = declaration.Written("arguments")?.Expression;
        if (written is null or LiteralExpressionSyntax { RawKind: (int)SyntaxKind.NullLiteralExpression })
        {
            if (edits.Model.Compilation.GetTypeByMetadataName("System.Collections.Generic.Dictionary`2") is not { } dictionary)
                return false;

            edits.Pass(declaration, "arguments", New(edits, dictionary, declaration, dead));
            return true;
        }

        if (CreationOf(edits, written) is not { } creation || !edits.Claim(creation))
            return false;

        edits.SetKey(creation, Exchange, InitializerEdits.Text(""));
        edits.SetKey(creation, RoutingKey, SyntaxFactory.ParseExpression(dead));
        return true;
    }

    private static ObjectCreationExpressionSyntax New(DocumentEdits edits, INamedTypeSymbol dictionary, IInvocationOperation declaration, string dead)
    {
        // Version 7 takes values that may be null; where annotations are off, they cannot be written.
        var value = edits.Model.Compilation.GetSpecialType(SpecialType.System_Object);
        var mayBeNull = declaration.TargetMethod.Name.EndsWith("Async", StringComparison.Ordinal) && edits.Model.GetNullableContext(declaration.Syntax.SpanStart).AnnotationsEnabled();
        var type = dictionary.Construct(
            System.Collections.Immutable.ImmutableArray.Create<ITypeSymbol>(edits.Model.Compilation.GetSpecialType(SpecialType.System_String), value),
            System.Collections.Immutable.ImmutableArray.Create(NullableAnnotation.NotAnnotated, mayBeNull ? NullableAnnotation.Annotated : NullableAnnotation.NotAnnotated));
        var text = (ObjectCreationExpressionSyntax)SyntaxFactory.ParseExpression($"new T {{ [\"{Exchange}\"] = \"\", [\"{RoutingKey}\"] = {dead} }}");
        return text.WithType(edits.Name(type).WithTrailingTrivia(SyntaxFactory.Space));
    }

    /// <summary>Where the arguments are made: in the call, or in a local that is handed to this call only.</summary>
    private static BaseObjectCreationExpressionSyntax? CreationOf(DocumentEdits edits, ExpressionSyntax arguments)
    {
        if (arguments is BaseObjectCreationExpressionSyntax here)
            return IsDictionary(here) ? here : null;

        if (edits.Model.GetSymbolInfo(arguments).Symbol is not ILocalSymbol { DeclaringSyntaxReferences: { Length: 1 } declared } local
            || declared[0].GetSyntax() is not VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax creation } || !IsDictionary(creation))
        {
            return null;
        }

        var member = arguments.Ancestors().FirstOrDefault(static node => node is MemberDeclarationSyntax and not GlobalStatementSyntax) ?? edits.Root;
        return member.DescendantNodes().OfType<ArgumentSyntax>().Count(one => one.Expression is IdentifierNameSyntax name && name.Identifier.ValueText == local.Name) == 1 ? creation : null;
    }

    /// <summary>A copy of other arguments, or a collection of pairs, is not written to.</summary>
    private static bool IsDictionary(BaseObjectCreationExpressionSyntax creation) => creation.ArgumentList is null or { Arguments.Count: 0 };
}
