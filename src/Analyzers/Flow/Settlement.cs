using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>An ack, nack or reject of a delivery that is in view: the handler's parameter, or a local that a message was fetched into.</summary>
/// <param name="Call">The call that settles.</param>
/// <param name="Delivery">The variable that holds the delivery; for <c>HandleBasicDeliver</c> the delivery tag.</param>
/// <param name="Function">The innermost lambda, local function or method around the call.</param>
/// <param name="Body">The code that the function is part of.</param>
internal sealed record Settlement(IInvocationOperation Call, ISymbol Delivery, IOperation Function, Body Body)
{
    /// <summary>Whether the delivery was handed to this very function, which runs once for each.</summary>
    public bool IsHandlers => Delivery is IParameterSymbol { ContainingSymbol: var owner }
        && (Function switch
        {
            IAnonymousFunctionOperation lambda => SymbolEqualityComparer.Default.Equals(lambda.Symbol, owner),
            ILocalFunctionOperation local => SymbolEqualityComparer.Default.Equals(local.Symbol, owner),
            _ => owner is IMethodSymbol { MethodKind: MethodKind.Ordinary },
        });

    /// <summary>What a call settles, or null where the delivery is out of view.</summary>
    public static Settlement? Of(IInvocationOperation call, CompilationFlow flow)
    {
        if (call.Argument("deliveryTag")?.Value.Unwrap() is not { } tag)
            return flow.Types.ClientOf(call.TargetMethod) is null && DeliveryGivenTo(call, flow) is { } given ? new Settlement(call, given, call.Function(), flow.BodyAround(call)) : null;

        if (DeliveryBehind(tag) is not { } delivery)
        {
            var origins = Tracer.At(tag, ItsOrigin.Instance, flow).InOrder();
            if (origins.Length != 1 || origins[0].Value is not { } origin || !ReferenceEquals(origin.Root().Syntax, call.Root().Syntax) || DeliveryBehind(origin.Unwrap()) is not { } behind)
                return null;
            delivery = behind;
        }

        return new Settlement(call, delivery, call.Function(), flow.BodyAround(call));
    }

    /// <summary>The record whose offset a Kafka <c>Commit</c> or <c>StoreOffset</c> moves: the argument, or without one what the same function consumed.</summary>
    public static Settlement? OfOffset(IInvocationOperation call, CompilationFlow flow)
    {
        var body = flow.BodyAround(call);
        var function = call.Function();
        var records = call.Arguments.Length > 0
            ? call.Arguments.SelectMany(static one => one.DescendantsAndSelf()).Select(static one => one.Symbol()).Where(static one => one is ILocalSymbol { Type.Name: "ConsumeResult" } or IParameterSymbol { Type.Name: "ConsumeResult" }).OfType<ISymbol>()
            : body.ConsumesIn(function).Select(static one => (ISymbol?)(Use.OfValue(one).Member as ILocalSymbol)).OfType<ISymbol>();
        var distinct = records.Distinct(SymbolEqualityComparer.Default).ToList();
        return distinct.Count == 1 ? new Settlement(call, distinct[0], function, body) : null;
    }

    /// <summary>The first call on the delivery's data that some path reaches after it is settled, and before the next delivery; null where there is none.</summary>
    public IInvocationOperation? FirstWorkAfter(CompilationFlow flow)
    {
        var work = CallsOn(Data())
            .Where(one => !SymbolEqualityComparer.Default.Equals(one.TargetMethod, Call.TargetMethod) && Work.IsWork(one, flow) && !OnlyHandlesFailedAck(one, Call))
            .ToList();
        if (work.Count == 0)
            return null;

        var effects = new Dictionary<IOperation, Func<Outcomes, Outcomes>> { [Call] = _ => Outcomes.Set(Call, Call) };
        if (Delivery is ILocalSymbol)
        {
            // A loop goes on with another message.
            var fetched = Body.References(Delivery).Select(Use.Of).Where(static use => use.Kind == UseKind.Assigned).Select(static use => use.Site).ToList();
            if (fetched.Count == 0)
                return null;
            foreach (var site in fetched)
                effects[site] = static _ => Outcomes.Unset(null);
        }

        Timeline.Run(Body, Function, Outcomes.Unset(null), work, effects, out var seen);
        return work.Where(one => seen.TryGetValue(one, out var known) && known.InOrder().Any(static outcome => outcome.Kind == OutcomeKind.Set))
            .OrderBy(static one => one.Syntax.SpanStart).ThenByDescending(static one => one.Syntax.Span.Length).FirstOrDefault();
    }

    /// <summary>The delivery and all locals that were made from it, over the whole body.</summary>
    public ISet<ISymbol> Data()
    {
        var data = new HashSet<ISymbol>(SymbolEqualityComparer.Default) { Delivery };
        if (Delivery is IParameterSymbol { ContainingSymbol: IMethodSymbol { Name: "HandleBasicDeliver" or "HandleBasicDeliverAsync" } method })
            data.UnionWith(method.Parameters);

        var unread = new Queue<ISymbol>(data);
        while (unread.Count > 0)
        {
            foreach (var reference in Body.References(unread.Dequeue()))
            {
                IOperation inner = reference;
                for (var outer = IsData(reference) ? reference.Parent : null; outer is not null; inner = outer, outer = outer.Parent)
                {
                    foreach (var made in MadeBy(outer, inner))
                    {
                        if (data.Add(made))
                            unread.Enqueue(made);
                    }
                }
            }
        }

        return data;
    }

    /// <summary>The calls of the function itself that are made on, or with, one of some variables.</summary>
    private HashSet<IInvocationOperation> CallsOn(ISet<ISymbol> variables)
    {
        var calls = new HashSet<IInvocationOperation>();
        var around = new List<IInvocationOperation>();
        foreach (var reference in variables.SelectMany(Body.References))
        {
            around.Clear();
            for (var outer = IsData(reference) ? reference : null; outer is not null; outer = outer.Parent)
            {
                if (ReferenceEquals(outer, Function))
                {
                    calls.UnionWith(around);
                    break;
                }

                // What a lambda calls is not a call of the function around it; the call that the lambda is handed to is.
                if (outer is IAnonymousFunctionOperation or ILocalFunctionOperation)
                    around.Clear();
                else if (outer is IInvocationOperation call)
                    around.Add(call);
            }
        }

        return calls;
    }

    /// <summary>Whether code refers to one of some variables; where a record comes from (its topic, its offset) is not its data.</summary>
    public static bool Mentions(IOperation code, ISet<ISymbol> variables) => code.DescendantsAndSelf().Any(one => one.Symbol() is { } symbol && variables.Contains(symbol) && IsData(one));

    private static bool IsData(IOperation reference) => reference.Symbol() is not null
        && reference.Parent is not IPropertyReferenceOperation { Property: { Name: "Topic" or "Partition" or "Offset" or "TopicPartition" or "TopicPartitionOffset" or "IsPartitionEOF", ContainingType.Name: "ConsumeResult" } };

    /// <summary>Whether code runs in a catch block of the try statement that acknowledges: what threw came before the ack, or was the ack.</summary>
    private static bool OnlyHandlesFailedAck(IOperation work, IOperation ack)
    {
        for (var outer = work.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is ICatchClauseOperation { Parent: ITryOperation attempt } && attempt.Body.Syntax.Span.Contains(ack.Syntax.Span))
                return true;
        }

        return false;
    }

    /// <summary>The delivery that a project's own acknowledgement is given, itself or by its tag; null where there is none, or more than one.</summary>
    private static ISymbol? DeliveryGivenTo(IInvocationOperation call, CompilationFlow flow)
    {
        var deliveries = call.DescendantsAndSelf().Concat(call.Arguments.SelectMany(argument => Tracer.At(argument.Value, ItsOrigin.Instance, flow).InOrder()).Select(static origin => origin.Value?.Unwrap()))
            .Select(one => one is null ? null : DeliveryBehind(one) ?? (one.Symbol() is { } symbol && IsDelivery(one.Type, flow) ? symbol : null))
            .OfType<ISymbol>().Distinct<ISymbol>(SymbolEqualityComparer.Default).ToList();
        return deliveries.Count == 1 ? deliveries[0] : null;
    }

    private static bool IsDelivery(ITypeSymbol? type, CompilationFlow flow) => type is { Name: "BasicDeliverEventArgs" or "BasicGetResult" } && flow.Types.IsClientCode(type);

    private static ISymbol? DeliveryBehind(IOperation tag) => tag switch
    {
        IMemberReferenceOperation { Member.Name: "DeliveryTag", Instance: { } instance } => instance.Unwrap().Symbol() is ILocalSymbol or IParameterSymbol ? instance.Unwrap().Symbol() : null,
        IParameterReferenceOperation { Parameter: { Name: "deliveryTag", ContainingSymbol: IMethodSymbol { Name: "HandleBasicDeliver" or "HandleBasicDeliverAsync", IsOverride: true } } parameter } => parameter,
        _ => null,
    };

    /// <summary>The locals that an operation makes from one of its parts.</summary>
    private static IEnumerable<ISymbol> MadeBy(IOperation operation, IOperation part)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation { Initializer: { } initializer } declarator when ReferenceEquals(initializer, part):
                return new[] { declarator.Symbol };
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment when ReferenceEquals(assignment.Value, part):
                return new[] { target.Local };
            case IDeconstructionAssignmentOperation assignment when ReferenceEquals(assignment.Value, part):
                return assignment.Target.DescendantsAndSelf().OfType<ILocalReferenceOperation>().Select(static one => one.Local);
            case IIsPatternOperation pattern when ReferenceEquals(pattern.Value, part):
                return pattern.Pattern.DescendantsAndSelf().Select(static one => (one as IDeclarationPatternOperation)?.DeclaredSymbol ?? (one as IRecursivePatternOperation)?.DeclaredSymbol).OfType<ISymbol>();
            case IForEachLoopOperation loop when ReferenceEquals(loop.Collection, part):
                return loop.Locals;
            case IInvocationOperation call:
                return OutArguments(call.Arguments);
            case IObjectCreationOperation creation:
                return OutArguments(creation.Arguments);
            default:
                return Enumerable.Empty<ISymbol>();
        }
    }

    private static IEnumerable<ISymbol> OutArguments(ImmutableArray<IArgumentOperation> arguments) => arguments
        .Where(static one => one.Parameter?.RefKind == RefKind.Out)
        .Select(static one => one.Value.DescendantsAndSelf().OfType<ILocalReferenceOperation>().FirstOrDefault()?.Local).OfType<ISymbol>();
}
