using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>The handler of a consumer's deliveries, and the ack that it lacks.</summary>
internal sealed class HandlerAck
{
    private readonly string _channel;
    private readonly string _delivery;
    private readonly bool _isAsync;

    private HandlerAck(SyntaxNode function, string channel, string delivery, bool isAsync)
    {
        Function = function;
        _channel = channel;
        _delivery = delivery;
        _isAsync = isAsync;
    }

    /// <summary>The lambda, local function or method that handles a delivery.</summary>
    public SyntaxNode Function { get; }

    /// <summary>The handler of the consumer that a call starts, or null where it is out of view, not the only one, or settles by itself.</summary>
    public static HandlerAck? Find(DocumentEdits edits, IInvocationOperation consume)
    {
        if (consume.Argument("consumer") is not { } argument || Symbol(argument.Value) is not { } consumer || edits.Receiver(consume) is not { } channel)
            return null;

        var handlers = Scope(edits, consumer, consume.Syntax).DescendantNodes().OfType<AssignmentExpressionSyntax>()
            .Where(assignment => assignment.IsKind(SyntaxKind.AddAssignmentExpression)
                && assignment.Left is MemberAccessExpressionSyntax { Name.Identifier.Text: "Received" or "ReceivedAsync" } received
                && SymbolEqualityComparer.Default.Equals(edits.Model.GetSymbolInfo(received.Expression).Symbol, consumer))
            .ToArray();
        if (handlers.Length != 1 || Declaration(edits, handlers[0].Right) is not { } function || SettlesItself(edits, function))
            return null;

        var parameters = Parameters(function);
        if (parameters.Count != 2 || ChannelIn(edits, function, channel, parameters[0], consumer) is not { } reachable)
            return null;

        return new HandlerAck(function, reachable, parameters[1].Identifier.Text, consume.TargetMethod.Name.EndsWith("Async", StringComparison.Ordinal));
    }

    /// <summary>Adds the ack as the handler's last step, and before each place where it returns early.</summary>
    public void Add(DocumentEdits edits)
    {
        // `_` names nothing where both parameters are discarded.
        var delivery = _delivery == "_" ? edits.FreeName(Function, "delivery") : _delivery;
        var configured = Function.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.Text == "ConfigureAwait");
        var statement = _isAsync
            ? $"await {_channel}.BasicAckAsync({delivery}.DeliveryTag, multiple: false){(configured ? ".ConfigureAwait(false)" : "")};"
            : $"{_channel}.BasicAck({delivery}.DeliveryTag, multiple: false);";
        var ending = new FunctionEnding(edits, Function, statement, _isAsync);
        edits.Change(Function, current => Rename(ending.AppendTo(current), delivery));
    }

    private static ISymbol? Symbol(IOperation value) => value switch
    {
        IConversionOperation conversion => Symbol(conversion.Operand),
        ILocalReferenceOperation local => local.Local,
        IMemberReferenceOperation member => member.Member,
        _ => null,
    };

    private static SyntaxNode Scope(DocumentEdits edits, ISymbol consumer, SyntaxNode use) => consumer is ILocalSymbol
        ? use.Ancestors().FirstOrDefault(node => node is MemberDeclarationSyntax and not GlobalStatementSyntax) ?? edits.Root
        : use.FirstAncestorOrSelf<TypeDeclarationSyntax>() ?? edits.Root;

    private static SyntaxNode? Declaration(DocumentEdits edits, ExpressionSyntax handler)
    {
        if (handler is AnonymousFunctionExpressionSyntax)
            return handler;

        return edits.Model.GetSymbolInfo(handler).Symbol is IMethodSymbol { DeclaringSyntaxReferences: { Length: 1 } declarations }
            && declarations[0].SyntaxTree == edits.Root.SyntaxTree
            ? declarations[0].GetSyntax()
            : null;
    }

    /// <summary>A second ack of one delivery closes the channel, so whatever may settle elsewhere is left alone.</summary>
    private static bool SettlesItself(DocumentEdits edits, SyntaxNode function)
    {
        if (Settles(function))
            return true;

        var parameters = Parameters(function);
        if (parameters.Count == 0)
            return false;

        var delivery = parameters[parameters.Count - 1].Identifier.Text;
        var handsOn = function.DescendantNodes().OfType<ArgumentSyntax>().Any(argument =>
            argument.Expression is IdentifierNameSyntax name && name.Identifier.Text == delivery
            || argument.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "DeliveryTag" });
        return handsOn && Settles(edits.Root);
    }

    /// <summary>Whether code acks, nacks or rejects anything.</summary>
    public static bool Settles(SyntaxNode code) => code.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call =>
        call.Expression is MemberAccessExpressionSyntax
        {
            Name.Identifier.Text: "BasicAck" or "BasicAckAsync" or "BasicNack" or "BasicNackAsync" or "BasicReject" or "BasicRejectAsync",
        });

    private static SeparatedSyntaxList<ParameterSyntax> Parameters(SyntaxNode function) => function switch
    {
        ParenthesizedLambdaExpressionSyntax lambda => lambda.ParameterList.Parameters,
        AnonymousMethodExpressionSyntax { ParameterList: { } list } => list.Parameters,
        BaseMethodDeclarationSyntax method => method.ParameterList.Parameters,
        LocalFunctionStatementSyntax local => local.ParameterList.Parameters,
        _ => default,
    };

    /// <summary>How the handler can name the channel: as the caller does where it sees the same variable, else through the consumer.</summary>
    private static string? ChannelIn(DocumentEdits edits, SyntaxNode function, ExpressionSyntax channel, ParameterSyntax sender, ISymbol consumer)
    {
        if (!CallEdits.IsRepeatable(channel) || edits.Model.GetSymbolInfo(channel).Symbol is not { } symbol)
            return null;

        var isVariable = symbol is ILocalSymbol or IParameterSymbol;
        var isStatic = function switch
        {
            AnonymousFunctionExpressionSyntax anonymous => anonymous.Modifiers.Any(SyntaxKind.StaticKeyword),
            LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.StaticKeyword),
            BaseMethodDeclarationSyntax method => isVariable || (method.Modifiers.Any(SyntaxKind.StaticKeyword) && !symbol.IsStatic),
            _ => true,
        };
        if (!isStatic && edits.Model.LookupSymbols(Inside(function), name: symbol.Name).Contains(symbol, SymbolEqualityComparer.Default))
            return channel.WithoutTrivia() + (MayBeNull(edits, function, channel, symbol) ? "!" : "");

        // The method was written away from the channel; the consumer that calls it still knows it.
        var type = consumer switch
        {
            ILocalSymbol local => local.Type,
            IFieldSymbol field => field.Type,
            IPropertySymbol property => property.Type,
            _ => null,
        };
        var member = type?.AllMembers().OfType<IPropertySymbol>().FirstOrDefault(property => property.Name is "Channel" or "Model")?.Name;
        return member is null || sender.Identifier.Text == "_" && function is AnonymousFunctionExpressionSyntax
            ? null
            : $"(({NotNull(type!).ToMinimalDisplayString(edits.Model, Inside(function))}){sender.Identifier.Text}{(MayBeNull(edits, sender) ? "!" : "")}).{member}";
    }

    /// <summary>A <c>var</c> local is of the nullable type, whatever it holds; a cast to that would be one more null to check.</summary>
    private static ITypeSymbol NotNull(ITypeSymbol type) => type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);

    private static bool MayBeNull(DocumentEdits edits, ParameterSyntax sender) =>
        edits.Model.GetDeclaredSymbol(sender) is IParameterSymbol { NullableAnnotation: NullableAnnotation.Annotated };

    /// <summary>A method does not see the assignment that precedes its subscription, as a lambda does.</summary>
    private static bool MayBeNull(DocumentEdits edits, SyntaxNode function, ExpressionSyntax channel, ISymbol symbol) =>
        function is not AnonymousFunctionExpressionSyntax && !channel.IsKind(SyntaxKind.SuppressNullableWarningExpression)
        && symbol is IFieldSymbol { NullableAnnotation: NullableAnnotation.Annotated } or IPropertySymbol { NullableAnnotation: NullableAnnotation.Annotated };

    private static int Inside(SyntaxNode function) => function switch
    {
        AnonymousFunctionExpressionSyntax anonymous => anonymous.Body.SpanStart,
        BaseMethodDeclarationSyntax method => ((SyntaxNode?)method.Body ?? method.ExpressionBody)?.Span.End - 1 ?? method.SpanStart,
        LocalFunctionStatementSyntax local => ((SyntaxNode?)local.Body ?? local.ExpressionBody)?.Span.End - 1 ?? local.SpanStart,
        _ => function.SpanStart,
    };

    private SyntaxNode Rename(SyntaxNode function, string delivery)
    {
        if (delivery == _delivery)
            return function;

        var parameter = Parameters(function)[1];
        return function.ReplaceNode(parameter, parameter.WithIdentifier(SyntaxFactory.Identifier(delivery).WithTriviaFrom(parameter.Identifier)));
    }
}

internal static class TypeMembers
{
    public static IEnumerable<ISymbol> AllMembers(this ITypeSymbol type)
    {
        for (ITypeSymbol? ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            foreach (var member in ancestor.GetMembers())
                yield return member;
        }
    }
}
