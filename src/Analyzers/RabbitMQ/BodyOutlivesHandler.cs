using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1010: the memory of a message, kept after the client has taken it back.</summary>
public sealed class BodyOutlivesHandler : MessagingAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.BodyOutlivesHandler,
        Rules.RabbitMqConsuming,
        "The body is used after the client has taken its memory back",
        "'{0}' is {1}: the client fills this memory with the next message as soon as the handler returns, so what is read later is another message",
        "BasicDeliverEventArgs.Body is memory from a pool, valid until the handler returns (or its task completes). Copy it, by ToArray(), before it is kept or handed to work that goes on.");

    /// <summary>Creates the rule.</summary>
    public BodyOutlivesHandler()
        : base(Rule)
    {
    }

    private static readonly string[] Keeping = { "Add", "TryAdd", "Enqueue", "Push", "AddLast", "AddFirst", "TryWrite", "WriteAsync", "Post", "SendAsync", "AddRange", "Insert" };

    internal override void Watch(RuleRegistration context, CompilationFlow flow)
    {
        if (flow.Types.RabbitMq6 is null && flow.Types.RabbitMq7 is null)
            return;

        context.RegisterOperationAction(operation => Judge((IMemberReferenceOperation)operation.Operation, flow, operation.ReportDiagnostic), OperationKind.PropertyReference, OperationKind.FieldReference);
    }

    private static void Judge(IMemberReferenceOperation body, CompilationFlow flow, Action<Diagnostic> report)
    {
        if (body is not { Member: { Name: "Body", ContainingType.Name: "BasicDeliverEventArgs" } member, Instance: { } instance } || !flow.Types.IsClientCode(member) || instance.Unwrap().Symbol() is not IParameterSymbol delivery)
            return;

        var says = IsKept(body) ? "kept without a copy" : IsLeftToOthers(body, delivery) ? "used by work that nobody waits for" : null;
        if (says is null)
            return;

        var client = flow.Types.RabbitMq7 is { } seven && SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, seven.Assembly) ? DiagnosticKeys.ClientRabbitMq7 : DiagnosticKeys.ClientRabbitMq6;
        var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Client, client).Add(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten);
        report(Diagnostic.Create(Rule, body.Syntax.GetLocation(), properties, body.Syntax.ToString(), says));
    }

    /// <summary>Whether the memory itself goes into a field, or into a collection or channel, by itself or inside a new object.</summary>
    private static bool IsKept(IOperation value)
    {
        for (var outer = value.Parent; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case IConversionOperation { OperatorMethod: null } or IParenthesizedOperation or IObjectCreationOperation or IObjectOrCollectionInitializerOperation or ITupleOperation:
                    break;
                case ISimpleAssignmentOperation { Parent: IObjectOrCollectionInitializerOperation }:
                    break;
                case ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } }:
                    return true;
                case IArgumentOperation { Parent: IObjectCreationOperation }:
                    break;
                case IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { } method } }:
                    return Array.IndexOf(Keeping, method.Name) >= 0 && method.ContainingNamespace?.ToDisplayString() is { } space
                        && (space.StartsWith("System.Collections", StringComparison.Ordinal) || space.StartsWith("System.Threading", StringComparison.Ordinal));
                default:
                    return false;
            }
        }

        return false;
    }

    /// <summary>Whether the body is read in a function that another thread runs, and that the handler does not wait for.</summary>
    private static bool IsLeftToOthers(IOperation body, IParameterSymbol delivery)
    {
        for (var outer = body.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is not IAnonymousFunctionOperation lambda)
                continue;
            if (SymbolEqualityComparer.Default.Equals(lambda.Symbol, delivery.ContainingSymbol))
                return false;

            var starts = lambda.Parent;
            while (starts is IDelegateCreationOperation or IConversionOperation or IArgumentOperation)
                starts = starts.Parent;
            return starts is IInvocationOperation { TargetMethod: { Name: "Run" or "StartNew" or "QueueUserWorkItem" or "UnsafeQueueUserWorkItem" or "ContinueWith" } } start && start.IsDropped();
        }

        return false;
    }
}
