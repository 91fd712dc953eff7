using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>
/// Gathers a channel's (or a Kafka client's) facts over all variables that it goes by. The order of calls does not matter here: confirms that are selected anywhere on
/// a channel are taken to be selected in time.
/// </summary>
internal sealed partial class Channels
{
    private readonly CompilationFlow _flow;
    private readonly Func<IInvocationOperation, ChannelVerb?> _verbOf;
    private readonly IOperation _publish;
    private readonly HashSet<ISymbol> _seen = new(SymbolEqualityComparer.Default);
    private readonly Stack<(ISymbol Variable, Body Body)> _unread = new();

    private readonly List<(ChannelVerb Verb, IInvocationOperation Call)> _calls = new();
    private readonly HashSet<string> _events = new(StringComparer.Ordinal);

    private bool _isKnown = true;

    /// <param name="flow">What the rules share.</param>
    /// <param name="verbOf">What a call of the client does; null for any other call.</param>
    /// <param name="publish">A use of the object.</param>
    private Channels(CompilationFlow flow, Func<IInvocationOperation, ChannelVerb?> verbOf, IOperation publish)
    {
        _flow = flow;
        _verbOf = verbOf;
        _publish = publish;
    }

    /// <summary>What is known of the channel (or publish batch) that a call is made on.</summary>
    public static ChannelFacts Of(IInvocationOperation call, RabbitMqTypes client, CompilationFlow flow)
    {
        if (call.Receiver() is not { } receiver)
            return ChannelFacts.Unknown;

        receiver = OfBatch(receiver, flow) ?? receiver;
        var origins = Tracer.At(receiver, ItsOrigin.Instance, flow);
        if (!origins.IsKnown)
            return ChannelFacts.Unknown;

        var creations = ImmutableArray.CreateBuilder<IInvocationOperation>();
        foreach (var origin in origins.InOrder())
        {
            if (origin.Value is IInvocationOperation creation && client.VerbOf(creation) == ChannelVerb.CreateChannel)
                creations.Add(creation);
            else if (origin.Kind == OutcomeKind.Set && origin.Value is not { ConstantValue: { HasValue: true, Value: null } })
                return ChannelFacts.Unknown;
        }

        if (creations.Count == 0)
            return ChannelFacts.Unknown;

        // What is done to a local, a parameter or a private member does not depend on who asks: one look serves every publish on it.
        var facts = receiver.Unwrap().Symbol() is { } variable && (variable is ILocalSymbol or IParameterSymbol || variable.DeclaredAccessibility == Accessibility.Private)
            ? flow.Channels.GetOrAdd(variable, _ => new Channels(flow, Verb, call).Gather(receiver))
            : new Channels(flow, Verb, call).Gather(receiver);
        return facts with { Creations = creations.ToImmutable() };

        ChannelVerb? Verb(IInvocationOperation one) => flow.Types.ClientOf(one.TargetMethod) is null ? null : client.VerbOf(one);
    }

    /// <summary>What is known of a Kafka consumer or producer, from the call that builds it on.</summary>
    public static ChannelFacts OfBuilt(IInvocationOperation build, CompilationFlow flow)
    {
        if (Use.OfValue(build) is not { Kind: UseKind.Stored, Member: { } variable })
            return ChannelFacts.Unknown;

        return flow.Channels.GetOrAdd(variable.OriginalDefinition, key =>
        {
            var life = new Channels(flow, one => flow.Types.Kafka?.Declares(one.TargetMethod) == true ? ChannelVerb.Other : null, build);
            life.Take(key, flow.BodyAround(build));
            return life.Gather() with { Creations = ImmutableArray.Create(build) };
        });
    }

    /// <summary>What is known of the consumer or producer that a call is made on.</summary>
    public static ChannelFacts OfKafka(IInvocationOperation call, CompilationFlow flow)
    {
        if (call.Receiver() is not { } receiver)
            return ChannelFacts.Unknown;

        var origins = Tracer.At(receiver, ItsOrigin.Instance, flow);
        var builds = origins.InOrder().Select(static one => one.Value).OfType<IInvocationOperation>().Where(one => flow.Types.Kafka?.Builds(one.TargetMethod) == true).ToList();
        return origins.IsKnown && builds.Count == 1 ? OfBuilt(builds[0], flow) with { Creations = builds.ToImmutableArray() } : ChannelFacts.Unknown;
    }

    /// <summary>The channel behind <c>channel.CreateBasicPublishBatch()</c>.</summary>
    private static IOperation? OfBatch(IOperation receiver, CompilationFlow flow) =>
        Tracer.At(receiver, ItsOrigin.Instance, flow).InOrder() is { Length: 1 } origins
        && origins[0].Value is IInvocationOperation { TargetMethod.Name: "CreateBasicPublishBatch" } batch
            ? batch.Receiver()
            : null;

    private ChannelFacts Gather(IOperation receiver)
    {
        Follow(receiver);
        return Gather();
    }

    private ChannelFacts Gather()
    {
        while (_isKnown && _unread.Count > 0)
        {
            var (variable, body) = _unread.Pop();
            FollowArguments(variable as IParameterSymbol, body);
            foreach (var scope in Scopes(variable, body))
            {
                foreach (var reference in scope.References(variable))
                    Read(reference);
            }
        }

        return new ChannelFacts(_isKnown, ImmutableArray<IInvocationOperation>.Empty, _calls.ToImmutableArray(), _events.ToImmutableHashSet());
    }

    /// <summary>What is done to a channel before it is handed to a method counts as well.</summary>
    private void FollowArguments(IParameterSymbol? parameter, Body body)
    {
        if (parameter?.ContainingSymbol is not IMethodSymbol method)
            return;

        foreach (var registered in _flow.Reach.RegisteredFor(parameter))
            Follow(registered);
        if (_flow.UsesOf(method, body) is not { } uses)
            return;

        foreach (var use in uses)
        {
            if (use.Arguments().FirstOrDefault(one => one.Parameter?.Ordinal == parameter.Ordinal) is { } argument)
                Follow(argument.Value);
        }
    }

    /// <summary>All code that can touch a variable.</summary>
    private IEnumerable<Body> Scopes(ISymbol variable, Body body)
    {
        // A parameter of a primary constructor is there in the whole type.
        if (variable is IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor, ContainingType: { } type } })
            return _flow.BodiesOf(type).Touching(variable);
        if (variable is ILocalSymbol or IParameterSymbol)
            return new[] { body };

        return _flow.Touching(variable);
    }

    private void Take(ISymbol variable, Body body)
    {
        if (variable is IFieldSymbol or IPropertySymbol && !_flow.Reach.IsInView(variable))
            _isKnown = false;
        else if (_seen.Add(variable))
            _unread.Push((variable, body));

        // Who has an interface of the project only reaches the property under that one's name.
        if (_isKnown && variable is IPropertySymbol { ContainingType: { } type } property)
        {
            foreach (var contract in type.AllInterfaces.SelectMany(one => one.GetMembers(property.Name)).Where(one => !one.DeclaringSyntaxReferences.IsEmpty && _seen.Add(one)))
                _unread.Push((contract, body));
        }
    }

    private void Read(IOperation reference)
    {
        var use = Use.Of(reference);
        switch (use.Kind)
        {
            case UseKind.Rewritten or UseKind.Passed or UseKind.Stored or UseKind.Escapes when IsCollected(reference, use):
                break;
            case UseKind.Assigned or UseKind.AssignedIfNull:
                Follow(use.Value!);
                break;
            case UseKind.Called when use.Site is IInvocationOperation call && _verbOf(call) is { } verb:
                _calls.Add((verb, call));
                break;
            case UseKind.Read when use.Member is IEventSymbol listened:
                _events.Add(listened.Name);
                break;
            case UseKind.Called when use.Site is IInvocationOperation { TargetMethod: { IsExtensionMethod: true } extension }:
                Pass(extension.OriginalDefinition.Parameters[0]);
                break;
            case UseKind.Passed:
                Pass(use.Member?.OriginalDefinition as IParameterSymbol);
                break;
            case UseKind.Stored when use.Member is { } target:
                Take(target.OriginalDefinition, _flow.BodyAround(reference));
                break;
            case UseKind.Rewritten or UseKind.Escapes:
                _isKnown = false;
                break;
        }
    }

    /// <summary>Goes along into a method in view; the client itself and the base library only use what they are given; anyone else may select confirms.</summary>
    private void Pass(IParameterSymbol? parameter)
    {
        if (parameter?.ContainingSymbol is not IMethodSymbol method)
        {
            _isKnown = false;
            return;
        }

        if (_flow.Types.IsClientCode(method) || (method.ContainingNamespace?.ToDisplayString() is "System" && method.MethodKind != MethodKind.DelegateInvoke))
            return;

        if (_flow.BodyOf(method) is { } body && !method.IsAbstract && !method.IsVirtual)
            Take(parameter, body);
        else if (method.MethodKind == MethodKind.Constructor && _flow.BodiesOf(method.ContainingType).Touching(parameter) is { Count: > 0 } captures)
            Take(parameter, captures[0]);
        else if (method.MethodKind == MethodKind.LocalFunction)
            Take(parameter, _flow.BodyAround(_publish));
        else
            _isKnown = false;
    }
}
