using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>
/// Follows an expression back to where its value was made, and an object from there through everything that was done to it: through locals, private
/// fields and properties, helpers in view and both sides of a choice. What leaves the view is Unknown.
/// </summary>
internal sealed partial class Tracer
{
    private const int MaximumDepth = 24;

    private readonly CompilationFlow _flow;
    private readonly HashSet<(ISymbol, Shape, Frame?)> _active = new();
    private readonly HashSet<(ISymbol, Shape)> _activeMembers = new();
    private readonly HashSet<(ISymbol, Shape)> _entered = new();
    private int _depth;
    private int _cuts;

    private Tracer(CompilationFlow flow) => _flow = flow;

    /// <summary>What may be known of an expression's value at the place where it stands.</summary>
    public static Outcomes At(IOperation expression, Shape shape, CompilationFlow flow) => new Tracer(flow).Evaluate(expression, shape, held: null);

    /// <summary>
    /// Whether anyone can see what <paramref name="site"/> sets on a variable's object: some use, or the code after this body, comes before it is set again.
    /// </summary>
    public static bool IsSeen(IOperation site, ISymbol variable, Shape shape, CompilationFlow flow)
    {
        var body = flow.BodyAround(site);
        return body.SeenSites.GetOrAdd((variable, shape), key => SitesSeen(body, key.Item1, key.Item2, flow)).Contains(site);
    }

    private static HashSet<IOperation> SitesSeen(Body body, ISymbol variable, Shape shape, CompilationFlow flow)
    {
        var seen = new HashSet<IOperation>();
        Take(new Tracer(flow).Walk(body, variable, shape, Outcomes.Nothing, out var states));
        foreach (var state in states)
        {
            if (Use.Of(state.Key) is { Kind: UseKind.Passed or UseKind.Stored or UseKind.Returned or UseKind.Escapes })
                Take(state.Value);
        }

        return seen;

        void Take(Outcomes? outcomes)
        {
            foreach (var one in outcomes?.InOrder() ?? ImmutableArray<Outcome>.Empty)
            {
                if (one.Site is { } site)
                    seen.Add(site);
            }
        }
    }

    /// <param name="expression">What to evaluate.</param>
    /// <param name="shape">What to know about it.</param>
    /// <param name="held">What is known of the variables that are being walked just now.</param>
    private Outcomes Evaluate(IOperation expression, Shape shape, Func<ISymbol, Outcomes?>? held)
    {
        if (_depth >= MaximumDepth)
        {
            _cuts++;
            return Outcomes.Unknown;
        }

        _depth++;
        var outcomes = EvaluateUnwrapped(expression.Unwrap(), shape, held);
        _depth--;
        return outcomes;
    }

    private Outcomes EvaluateUnwrapped(IOperation expression, Shape shape, Func<ISymbol, Outcomes?>? held)
    {
        if (expression.ConstantValue.HasValue)
            return shape.Made(expression, inner => Evaluate(inner, shape, held));

        if (expression.Symbol() is { } symbol && held?.Invoke(symbol) is { } known)
            return known;

        switch (expression)
        {
            case ILocalReferenceOperation or IParameterReferenceOperation:
                var variable = expression.Symbol()!;
                return AtVariable(expression, variable, shape, body => variable is IParameterSymbol parameter ? AtCalls(parameter, body, shape) : Outcomes.Unknown);
            case IPropertyReferenceOperation { Property.IsIndexer: true } or IInvocationOperation when AtElements(expression, shape) is { } elements:
                return elements;
            case IPropertyReferenceOperation { Property: { Name: "Value", ContainingType: { Name: "Lazy", ContainingNamespace.Name: "System" } }, Instance: { } lazy }:
                return AtDelegate(lazy, shape);
            case IPropertyReferenceOperation { Instance: { } consumer } property when _flow.Types.IsConsumersChannel(property.Property):
                return ConsumersChannel(consumer, shape);
            case IPropertyReferenceOperation { Property: { Name: "Value" or "CurrentValue", ContainingType: { Name: "IOptions" or "IOptionsMonitor" or "IOptionsSnapshot", TypeArguments: var types } } } options when shape.IsInjected(types[0]):
                return AtOptions(types[0], options, shape);
            case IFieldReferenceOperation or IPropertyReferenceOperation:
                return AtMember((IMemberReferenceOperation)expression, shape);
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return conditional.Condition.Unwrap().ConstantValue switch
                {
                    { HasValue: true, Value: true } => Evaluate(conditional.WhenTrue, shape, held),
                    { HasValue: true, Value: false } => Evaluate(whenFalse, shape, held),
                    _ => Evaluate(conditional.WhenTrue, shape, held) | Evaluate(whenFalse, shape, held),
                };
            case ICoalesceOperation coalesce:
                return Evaluate(coalesce.Value, shape, held) | Evaluate(coalesce.WhenNull, shape, held);
            case IConditionalAccessOperation access:
                return Evaluate(access.WhenNotNull, shape, held);
            case ISwitchExpressionOperation choice:
                return choice.Arms.Where(static arm => arm.Value.Unwrap() is not IThrowOperation)
                    .Aggregate(Outcomes.Nothing, (all, arm) => all | Evaluate(arm.Value, shape, held));
            case IThrowOperation:
                return Outcomes.Nothing;
            case ISimpleAssignmentOperation assignment:
                return Evaluate(assignment.Value, shape, held);
            case IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: { } function }:
                return AtDelegate(function, shape);
            case IInvocationOperation call when IsResolved(call) && shape.IsInjected(call.TargetMethod.TypeArguments[0]):
                return Registered(call.TargetMethod.TypeArguments[0], shape);
            case IInvocationOperation call when PassedThrough(call) is { } passed:
                return passed.Aggregate(Outcomes.Nothing, (all, one) => all | Evaluate(one, shape, held));
            case IInvocationOperation call when _flow.Types.ClientOf(call.TargetMethod) is null && AtResults(call.TargetMethod, call.Arguments, call, shape, held) is { } results:
                return results;
            case IObjectCreationOperation { Constructor: { } constructor } creation when shape.IsBuiltInView(creation.Type):
                return Initialized(Constructed(constructor, creation.Arguments, creation, shape, held), creation.Initializer, shape);
            case IObjectCreationOperation { Initializer: { } initializer } creation:
                return Initialized(shape.Made(creation, inner => Evaluate(inner, shape, held)), initializer, shape);
            default:
                return shape.Made(expression, inner => Evaluate(inner, shape, held));
        }
    }

    /// <summary>A virtual member may mean other code at run time.</summary>
    private static bool IsReplaceable(ISymbol member) =>
        member.IsAbstract || ((member.IsVirtual || member is { IsOverride: true, IsSealed: false }) && !member.ContainingType.IsSealed);

    private Outcomes Initialized(Outcomes outcomes, IObjectOrCollectionInitializerOperation? initializer, Shape shape)
    {
        if (initializer is null)
            return outcomes;

        foreach (var part in initializer.Initializers)
        {
            Use? use = part switch
            {
                ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Instance: { } self } } => Use.Of(self),
                IInvocationOperation call => new Use(UseKind.Called, call, call.TargetMethod),
                _ => null,
            };
            if (use is { } known && shape.Effect(known, IntoCallee(shape)) is { } effect)
                outcomes = InContext(effect(outcomes), shape);
        }

        return outcomes;
    }

    private Outcomes AtVariable(IOperation reference, ISymbol variable, Shape shape, Func<Body, Outcomes> entry)
    {
        var body = _flow.BodyAround(reference);
        var frame = ReferenceEquals(_frame?.Body, body) ? _frame : null;
        var kept = frame?.States ?? body.States;
        if (!kept.TryGetValue((variable, shape), out var states))
        {
            if (!_active.Add((variable, shape, frame)))
            {
                _cuts++;
                return Outcomes.Unknown;
            }

            var cuts = _cuts;
            Walk(body, variable, shape, entry(body), out states);
            _active.Remove((variable, shape, frame));

            // An answer that was cut short by a cycle depends on where the question came from: it is right, but not kept.
            if (cuts == _cuts)
                kept.TryAdd((variable, shape), states);
        }

        return states.TryGetValue(reference, out var known) ? known : Outcomes.Unknown;
    }

    /// <summary>What all callers of a private method or local function hand to a parameter.</summary>
    private Outcomes AtCalls(IParameterSymbol parameter, Body body, Shape shape)
    {
        if (Bound(parameter, body, shape) is { } bound)
            return bound;

        if (Subscriptions.ConsumerBehind(parameter, body, _flow) is { } sender)
            return Evaluate(sender, shape, held: null);

        if (_flow.Reach.RegisteredFor(parameter) is { Count: > 0 } registered && CallsOf(parameter, body).Count == 0)
            return Join(registered, shape) ?? Outcomes.Unknown;

        if (parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor && shape.IsInjected(parameter.Type))
            return AtCreations(parameter, constructor, shape);

        var all = Outcomes.Nothing;
        foreach (var reference in CallsOf(parameter, body))
        {
            var argument = reference.Arguments().FirstOrDefault(one => one.Parameter?.Ordinal == parameter.Ordinal);
            all |= argument is null ? Outcomes.Unknown : Evaluate(argument.Value, shape, held: null);
            if (!all.IsKnown)
                return Outcomes.Unknown;
        }

        return all.IsNothing ? Outcomes.Unknown : all;
    }

    /// <summary>All calls that hand something to a parameter; none where there may be others. Others than private methods are asked for only where a client's object is handed over: their callers are all over the compilation.</summary>
    private IReadOnlyList<IOperation> CallsOf(IParameterSymbol parameter, Body body) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction or MethodKind.Constructor } method
        && (method.DeclaredAccessibility is Accessibility.Private or Accessibility.NotApplicable || _flow.Types.IsClientCode(parameter.Type))
            ? _flow.UsesOf(method, body) ?? Array.Empty<IOperation>()
            : Array.Empty<IOperation>();

    private Outcomes AtMember(IMemberReferenceOperation reference, Shape shape)
    {
        var member = reference.Member.OriginalDefinition;
        if (member.DeclaringSyntaxReferences.IsEmpty || member.ContainingType is not { } type)
            return shape.Made(reference, inner => Evaluate(inner, shape, held: null));

        if (IsReplaceable(member))
            return AtImplementations(member, reference, shape) ?? shape.Made(reference, inner => Evaluate(inner, shape, held: null));

        if (member is IPropertySymbol { GetMethod: { } getter } && _flow.BodyOf(getter) is not null)
            return AtResults(getter, ImmutableArray<IArgumentOperation>.Empty, reference, shape, held: null) ?? Outcomes.Unknown;

        if ((!IsClosed(member, shape) && !(shape.IsClosedIn(member, isOwned: true) && IsOwned(reference))) || (shape is not ItsOrigin && IsChangedElsewhere(member, shape, _flow.BodyAround(reference))))
            return Outcomes.Unknown;

        return AtVariable(reference, member, shape, _ => AfterMembers(member, shape));
    }

    /// <summary>
    /// What a field or property may hold when a method begins: what each method that assigns it leaves behind. A change made by a method that does not
    /// assign it may come before or after, so it makes the member Unknown.
    /// </summary>
    private Outcomes AfterMembers(ISymbol member, Shape shape)
    {
        if (!_activeMembers.Add((member, shape)))
        {
            _cuts++;
            return Outcomes.Unknown;
        }

        var caller = _frame;
        _frame = null;
        var all = Outcomes.Nothing;
        foreach (var body in _flow.Touching(member))
        {
            var left = Walk(body, member, shape, Outcomes.Nothing, out _);
            if (left is null || left.IsNothing)
                continue;

            all |= Assigns(body, member) ? left : Outcomes.Unknown;
        }

        _frame = caller;
        _activeMembers.Remove((member, shape));
        return all.IsNothing ? shape.NeverAssigned : all;
    }

    /// <summary>Walks a body for one variable and all that shares its object; gives what is known at each reference, and at the end.</summary>
    private Outcomes? Walk(Body body, ISymbol variable, Shape shape, Outcomes entry, out IReadOnlyDictionary<IOperation, Outcomes> states, IOperation? function = null)
    {
        var group = SharingGroup.Of(variable, body, shape);
        var watched = new List<IOperation>();
        var effects = new Dictionary<IOperation, Func<Outcomes, Outcomes>>();
        foreach (var symbol in group)
        {
            foreach (var reference in body.References(symbol))
            {
                watched.Add(reference);
                var use = Use.Of(reference);
                if (Effect(use, group, shape, body) is not { } effect)
                    continue;

                effects[use.Site] = effects.TryGetValue(use.Site, out var earlier) ? before => effect(earlier(before)) : effect;
            }
        }

        return Timeline.Run(body, function ?? body.Root, entry, watched, effects, out states);
    }

    private Func<Outcomes, Outcomes>? Effect(Use use, ISet<ISymbol> group, Shape shape, Body body)
    {
        // A parameter's object is older than this walk: where nothing is known of it yet, its callers are asked.
        Outcomes Assigned(Outcomes before) => Evaluate(use.Value!, shape, symbol => group.Contains(symbol) && !(before.IsNothing && symbol is IParameterSymbol) ? before : null);
        return use.Kind switch
        {
            UseKind.Assigned => Assigned,
            UseKind.AssignedIfNull => before => before.Fill(Assigned(before)),
            UseKind.Rewritten when ElementUse.FilledBy(use.Site) is { } call && AtElements(call, shape) is { } elements => _ => elements,
            UseKind.Rewritten => static _ => Outcomes.Unknown,
            UseKind.Stored when use.Member is IFieldSymbol or IPropertySymbol && shape is not ItsOrigin && IsChangedElsewhere(use.Member, shape, body) => static _ => Outcomes.Unknown,
            UseKind.Stored when use.Member is { } target && group.Contains(target) => null,
            _ when shape.Effect(use, IntoCallee(shape)) is { } effect => _frame is null ? effect : before => InContext(effect(before), shape),
            _ => null,
        };
    }

    /// <summary>Whether another method changes the object in a member without assigning it: it may run at any time.</summary>
    private bool IsChangedElsewhere(ISymbol member, Shape shape, Body here)
    {
        if (!_activeMembers.Add((member, shape)))
            return false;

        var caller = _frame;
        _frame = null;
        var changed = _flow.Touching(member).Any(body =>
            body.Root.Syntax != here.Root.Syntax && !Assigns(body, member) && Walk(body, member, shape, Outcomes.Nothing, out _) is { IsNothing: false });
        _frame = caller;
        _activeMembers.Remove((member, shape));
        return changed;
    }

    /// <summary>Whether all that may give a member its object is in view.</summary>
    private bool IsClosed(ISymbol member, Shape shape) => shape.IsClosed(member) || (shape is ItsOrigin && _flow.Reach.IsInView(member));

    /// <summary>Whether code gives a member a value.</summary>
    public static bool Assigns(Body body, ISymbol member) =>
        body.References(member).Any(static one => Use.Of(one).Kind is UseKind.Assigned or UseKind.AssignedIfNull or UseKind.Rewritten);
}
