using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>How values and objects go into methods and come out of them: each call is followed with the arguments of that call.</summary>
internal sealed partial class Tracer
{
    private const int MaximumFrames = 5;

    private Frame? _frame;

    /// <summary>What a call yields, each result worked out with what this call hands over; null where the code, or one of its results, is out of view.</summary>
    private Outcomes? AtResults(IMethodSymbol method, ImmutableArray<IArgumentOperation> arguments, IOperation use, Shape shape, Func<ISymbol, Outcomes?>? held)
    {
        if (method.MethodKind == MethodKind.LocalFunction)
            return Join(_flow.BodyAround(use).Results(method), shape);

        var targets = TargetsOf(method);
        if (targets.IsEmpty)
            return null;

        var all = Outcomes.Nothing;
        foreach (var target in targets)
        {
            if (_flow.BodyOf(target) is not { } body || Inside(target, body, arguments, held, () => Join(body.Results(target), shape)) is not { } results)
                return null;
            all |= results;
        }

        return all;
    }

    private Outcomes? Join(IEnumerable<IOperation> results, Shape shape)
    {
        Outcomes? all = null;
        foreach (var result in results)
            all = (all ?? Outcomes.Nothing) | Evaluate(result, shape, held: null);

        return all;
    }

    /// <summary>The code that a call may run: the method itself, or for a member of an interface of this project everything that implements it here.</summary>
    private ImmutableArray<IMethodSymbol> TargetsOf(IMethodSymbol method)
    {
        method = method.OriginalDefinition;
        return !IsReplaceable(method) ? ImmutableArray.Create(method) : _flow.Hierarchy.ImplementationsOf(method).OfType<IMethodSymbol>().ToImmutableArray();
    }

    /// <summary>What a property of an interface of this project holds, over all types that implement it here; null where there is none.</summary>
    private Outcomes? AtImplementations(ISymbol member, IOperation reference, Shape shape)
    {
        var implementations = _flow.Hierarchy.ImplementationsOf(member);
        if (implementations.IsEmpty)
            return null;

        var all = Outcomes.Nothing;
        foreach (var property in implementations.OfType<IPropertySymbol>())
        {
            if (property.GetMethod is { } getter && _flow.BodyOf(getter) is not null)
                all |= AtResults(getter, ImmutableArray<IArgumentOperation>.Empty, reference, shape, held: null) ?? Outcomes.Unknown;
            else if (IsClosed(property, shape) && !IsReplaceable(property))
                all |= AfterMembers(property, shape);
            else
                return Outcomes.Unknown;
        }

        return all;
    }

    /// <summary>The results of a lambda or method in view that a delegate, or a <c>Lazy</c>, was made from.</summary>
    private Outcomes AtDelegate(IOperation holder, Shape shape)
    {
        var origins = Evaluate(holder, ItsOrigin.Instance, held: null);
        var all = Outcomes.Nothing;
        foreach (var origin in origins.InOrder())
        {
            var function = origin.Value is IObjectCreationOperation { Type.Name: "Lazy" } lazy
                ? lazy.Arguments.Select(static one => one.Value.Unwrap()).FirstOrDefault(static one => one is IDelegateCreationOperation)
                : origin.Value;
            var results = (function as IDelegateCreationOperation)?.Target switch
            {
                IAnonymousFunctionOperation lambda => Join(_flow.BodyAround(lambda).ResultsOf(lambda), shape),
                IMethodReferenceOperation { Method: { } method } reference => AtResults(method, ImmutableArray<IArgumentOperation>.Empty, reference, shape, held: null),
                _ => null,
            };
            all |= results ?? Outcomes.Unknown;
        }

        return origins.IsKnown ? all : Outcomes.Unknown;
    }

    /// <summary>The channel that a consumer was made for: <c>consumer.Model</c>, <c>((AsyncEventingBasicConsumer)sender).Channel</c>.</summary>
    private Outcomes ConsumersChannel(IOperation consumer, Shape shape)
    {
        var all = Outcomes.Nothing;
        foreach (var origin in Evaluate(consumer, ItsOrigin.Instance, held: null).InOrder())
        {
            all |= (origin.Value as IObjectCreationOperation)?.Arguments.Where(one => _flow.Types.IsChannel(one.Parameter?.Type)).ToList() is { Count: 1 } given
                ? Evaluate(given[0].Value, shape, held: null)
                : Outcomes.Unknown;
        }

        return all.IsNothing ? Outcomes.Unknown : all;
    }

    /// <summary>Calls that hand on what they are given: <c>Task.FromResult(value)</c>, a retry policy's <c>Execute(() => value)</c>.</summary>
    private IEnumerable<IOperation>? PassedThrough(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (method is { Name: "FromResult", ContainingType.Name: "Task" or "ValueTask" } && call.Arguments.Length == 1)
            return new[] { call.Arguments[0].Value };

        return method.Name is "Execute" or "ExecuteAsync" && method.ContainingNamespace?.Name == "Polly"
            && call.Arguments.Select(static one => one.Value.Unwrap()).OfType<IDelegateCreationOperation>().FirstOrDefault()?.Target is IAnonymousFunctionOperation lambda
            && _flow.BodyAround(lambda).ResultsOf(lambda).ToList() is { Count: > 0 } results ? results : null;
    }

    /// <summary>What the constructors in view make of an object whose type derives from a client's.</summary>
    private Outcomes Constructed(IMethodSymbol constructor, ImmutableArray<IArgumentOperation> arguments, IOperation site, Shape shape, Func<ISymbol, Outcomes?>? held)
    {
        if (_flow.Types.IsClientCode(constructor))
            return arguments.Length == 0 ? Outcomes.Unset(site) : arguments.Length == 1 ? Evaluate(arguments[0].Value, shape, held) : Outcomes.Unknown;

        if (constructor.IsImplicitlyDeclared && constructor.Parameters.IsEmpty && constructor.ContainingType.BaseType?.InstanceConstructors.FirstOrDefault(static one => one.Parameters.IsEmpty) is { } inherited)
            return Constructed(inherited, ImmutableArray<IArgumentOperation>.Empty, site, shape, held: null);

        if (_flow.BodyOf(constructor.OriginalDefinition) is not { Root: IConstructorBodyOperation root } body)
            return Outcomes.Unknown;

        return Inside(constructor.OriginalDefinition, body, arguments, held, () =>
        {
            var first = (root.Initializer as IExpressionStatementOperation)?.Operation as IInvocationOperation;
            var before = first is not null ? Constructed(first.TargetMethod, first.Arguments, site, shape, held: null)
                : constructor.ContainingType.BaseType?.InstanceConstructors.FirstOrDefault(static one => one.Parameters.IsEmpty) is { } plain
                    ? Constructed(plain, ImmutableArray<IArgumentOperation>.Empty, site, shape, held: null)
                    : Outcomes.Unknown;
            return Walk(body, constructor.ContainingType.OriginalDefinition, shape, before, out _) ?? before;
        }) ?? Outcomes.Unknown;
    }

    /// <summary>What a method in view does to an object that it is given, as a parameter or as the receiver of an extension.</summary>
    private Func<Use, Func<Outcomes, Outcomes>?> IntoCallee(Shape shape) => use =>
    {
        var parameter = use switch
        {
            { Kind: UseKind.Passed, Member: IParameterSymbol passed } => passed,
            { Kind: UseKind.Called, Site: IInvocationOperation { TargetMethod: { IsExtensionMethod: true } extension } } => extension.Parameters[0],
            _ => null,
        };
        if (parameter?.OriginalDefinition is not IParameterSymbol { ContainingSymbol: IMethodSymbol method } definition || IsReplaceable(method))
            return null;

        var isLocal = method.MethodKind == MethodKind.LocalFunction;
        var body = isLocal ? _flow.BodyAround(use.Site) : _flow.BodyOf(method);
        var function = isLocal ? body?.Function(method) : body?.Root;
        if (body is null || function is null)
            return null;

        var arguments = (use.Site as IInvocationOperation ?? use.Site.Parent) switch
        {
            IInvocationOperation call => call.Arguments,
            IObjectCreationOperation creation => creation.Arguments,
            _ => ImmutableArray<IArgumentOperation>.Empty,
        };
        return before =>
        {
            if (!_entered.Add((definition, shape)))
            {
                _cuts++;
                return Outcomes.Unknown;
            }

            Outcomes? Follow() => Walk(body, definition, shape, before, out _, function) ?? before;
            var after = isLocal ? Follow() : Inside(method, body, arguments, held: null, Follow);
            _entered.Remove((definition, shape));
            return after ?? Outcomes.Unknown;
        };
    };

    /// <summary>Works out something inside a called method; null where calls are nested too deep or go round in circles.</summary>
    private Outcomes? Inside(IMethodSymbol method, Body body, ImmutableArray<IArgumentOperation> arguments, Func<ISymbol, Outcomes?>? held, Func<Outcomes?> work)
    {
        var depth = 0;
        for (var outer = _frame; outer is not null; outer = outer.Caller)
        {
            if (++depth >= MaximumFrames || SymbolEqualityComparer.Default.Equals(outer.Method, method))
            {
                _cuts++;
                return Outcomes.Unknown;
            }
        }

        var caller = _frame;
        _frame = new Frame(method, body, arguments, held, caller);
        var outcomes = work();
        _frame = caller;
        return outcomes;
    }

    /// <summary>What the call that is being followed hands to a parameter; null where no call of its method is.</summary>
    private Outcomes? Bound(IParameterSymbol parameter, Body body, Shape shape)
    {
        for (var frame = _frame; frame is not null && ReferenceEquals(frame.Body, body); frame = frame.Caller)
        {
            if (!SymbolEqualityComparer.Default.Equals(frame.Method, parameter.ContainingSymbol.OriginalDefinition) || frame.Arguments.IsDefaultOrEmpty)
                continue;

            var argument = frame.Arguments.FirstOrDefault(one => one.Parameter?.Ordinal == parameter.Ordinal);
            if (argument is null || parameter.RefKind is RefKind.Ref or RefKind.Out || argument.ArgumentKind == ArgumentKind.ParamArray)
                return Outcomes.Unknown;

            var here = _frame;
            _frame = frame.Caller;
            var outcomes = Evaluate(argument.Value, shape, frame.Held);
            _frame = here;
            return outcomes;
        }

        return null;
    }

    /// <summary>Values that a setting was given inside a called method stand for what this call makes of them: read them while the call is known.</summary>
    private Outcomes InContext(Outcomes outcomes, Shape shape)
    {
        if (_frame is not { } frame || shape is ItsOrigin)
            return outcomes;

        var all = Outcomes.Nothing;
        foreach (var outcome in outcomes.InOrder())
        {
            var origins = outcome is { Kind: OutcomeKind.Set, Value: { ConstantValue.HasValue: false } value } && ReferenceEquals(_flow.BodyAround(value), frame.Body)
                ? Evaluate(value, ItsOrigin.Instance, held: null)
                : Outcomes.Unknown;
            if (origins.IsKnown && origins.InOrder().All(static one => one.Value is not null))
                all = origins.InOrder().Aggregate(all, (known, origin) => known | Outcomes.Set(origin.Value!, outcome.Site));
            else
                all |= Outcomes.Of(outcome);
        }

        return all.IsNothing ? outcomes : all;
    }

    /// <summary>One call on the way to what is being looked at, with its own answers: they hold for its arguments only.</summary>
    private sealed class Frame(IMethodSymbol method, Body body, ImmutableArray<IArgumentOperation> arguments, Func<ISymbol, Outcomes?>? held, Frame? caller)
    {
        public IMethodSymbol Method { get; } = method;

        public Body Body { get; } = body;

        public ImmutableArray<IArgumentOperation> Arguments { get; } = arguments;

        /// <summary>What the caller's walk knows of its variables at the call.</summary>
        public Func<ISymbol, Outcomes?>? Held { get; } = held;

        public Frame? Caller { get; } = caller;

        public ConcurrentDictionary<(ISymbol Variable, Shape Shape), IReadOnlyDictionary<IOperation, Outcomes>> States { get; } = new();
    }
}
