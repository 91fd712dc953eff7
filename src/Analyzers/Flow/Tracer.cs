using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>
/// Follows an expression back to where its value was made, and an object from there through everything that was done to it: through locals, private
/// fields and properties, helpers in view and both sides of a choice. What leaves the view is Unknown.
/// </summary>
internal sealed class Tracer
{
    private const int MaximumDepth = 24;

    private readonly CompilationFlow _flow;
    private readonly HashSet<(ISymbol, Shape)> _active = new();
    private readonly HashSet<(ISymbol, Shape)> _activeMembers = new();
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
        var end = new Tracer(flow).Walk(body, variable, shape, Outcomes.Nothing, out var states);
        return Holds(end) || states.Any(state => Holds(state.Value) && Use.Of(state.Key) is { Kind: UseKind.Passed or UseKind.Stored or UseKind.Returned or UseKind.Escapes });

        bool Holds(Outcomes? outcomes) => outcomes?.InOrder().Any(one => ReferenceEquals(one.Site, site)) == true;
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
            case IInvocationOperation call when !IsReplaceable(call.TargetMethod) && _flow.Types.ClientOf(call.TargetMethod) is null && Results(call.TargetMethod, call) is { } results:
                return results.Aggregate(Outcomes.Nothing, (all, result) => all | Evaluate(result, shape, held: null));
            case IObjectCreationOperation { Initializer: { } initializer } creation:
                return Initialized(shape.Made(creation, inner => Evaluate(inner, shape, held)), initializer, shape);
            default:
                return shape.Made(expression, inner => Evaluate(inner, shape, held));
        }
    }

    /// <summary>The results of a method or local function in view, or null where it has none to read.</summary>
    private List<IOperation>? Results(IMethodSymbol method, IOperation use)
    {
        var body = method.MethodKind == MethodKind.LocalFunction ? _flow.BodyAround(use) : _flow.BodyOf(method.OriginalDefinition);
        var results = body?.Results(method).ToList();
        return results is { Count: > 0 } ? results : null;
    }

    /// <summary>A virtual member may mean other code at run time.</summary>
    private static bool IsReplaceable(ISymbol member) =>
        member.IsAbstract || ((member.IsVirtual || member is { IsOverride: true, IsSealed: false }) && !member.ContainingType.IsSealed);

    private Outcomes Initialized(Outcomes outcomes, IObjectOrCollectionInitializerOperation initializer, Shape shape)
    {
        foreach (var part in initializer.Initializers)
        {
            Use? use = part switch
            {
                ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Instance: { } self } } => Use.Of(self),
                IInvocationOperation call => new Use(UseKind.Called, call, call.TargetMethod),
                _ => null,
            };
            if (use is { } known && shape.Effect(known, IntoCallee(shape)) is { } effect)
                outcomes = effect(outcomes);
        }

        return outcomes;
    }

    private Outcomes AtVariable(IOperation reference, ISymbol variable, Shape shape, Func<Body, Outcomes> entry)
    {
        var body = _flow.BodyAround(reference);
        if (!body.States.TryGetValue((variable, shape), out var states))
        {
            if (!_active.Add((variable, shape)))
            {
                _cuts++;
                return Outcomes.Unknown;
            }

            var cuts = _cuts;
            Walk(body, variable, shape, entry(body), out states);
            _active.Remove((variable, shape));

            // An answer that was cut short by a cycle depends on where the question came from: it is right, but not kept.
            if (cuts == _cuts)
                body.States.TryAdd((variable, shape), states);
        }

        return states.TryGetValue(reference, out var known) ? known : Outcomes.Unknown;
    }

    /// <summary>What all callers of a private method or local function hand to a parameter.</summary>
    private Outcomes AtCalls(IParameterSymbol parameter, Body body, Shape shape)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol { DeclaredAccessibility: Accessibility.Private or Accessibility.NotApplicable } method
            || method.MethodKind is not (MethodKind.Ordinary or MethodKind.LocalFunction))
        {
            return Outcomes.Unknown;
        }

        var bodies = method.MethodKind == MethodKind.LocalFunction ? new[] { body } : _flow.BodiesOf(method.ContainingType).Touching(method.OriginalDefinition);
        var all = Outcomes.Nothing;
        foreach (var reference in bodies.SelectMany(caller => caller.References(method.OriginalDefinition)))
        {
            var argument = (reference as IInvocationOperation)?.Arguments.FirstOrDefault(one => one.Parameter?.Ordinal == parameter.Ordinal);
            all |= argument is null ? Outcomes.Unknown : Evaluate(argument.Value, shape, held: null);
            if (!all.IsKnown)
                return Outcomes.Unknown;
        }

        return all.IsNothing ? Outcomes.Unknown : all;
    }

    private Outcomes AtMember(IMemberReferenceOperation reference, Shape shape)
    {
        var member = reference.Member.OriginalDefinition;
        if (member.DeclaringSyntaxReferences.IsEmpty || IsReplaceable(member) || member.ContainingType is not { } type)
            return shape.Made(reference, inner => Evaluate(inner, shape, held: null));

        if (member is IPropertySymbol { GetMethod: { } getter } && _flow.BodyOf(getter) is not null)
        {
            return Results(getter, reference) is { } results
                ? results.Aggregate(Outcomes.Nothing, (all, result) => all | Evaluate(result, shape, held: null))
                : Outcomes.Unknown;
        }

        if (!shape.IsClosed(member) || (shape is not ItsOrigin && IsChangedElsewhere(member, shape, _flow.BodyAround(reference))))
            return Outcomes.Unknown;

        return AtVariable(reference, member, shape, _ => AfterMembers(member, type, shape));
    }

    /// <summary>
    /// What a field or property may hold when a method begins: what each method that assigns it leaves behind. A change made by a method that does not
    /// assign it may come before or after, so it makes the member Unknown.
    /// </summary>
    private Outcomes AfterMembers(ISymbol member, INamedTypeSymbol type, Shape shape)
    {
        if (!_activeMembers.Add((member, shape)))
        {
            _cuts++;
            return Outcomes.Unknown;
        }

        var all = Outcomes.Nothing;
        foreach (var body in _flow.BodiesOf(type).Touching(member))
        {
            var left = Walk(body, member, shape, Outcomes.Nothing, out _);
            if (left is null || left.IsNothing)
                continue;

            all |= Assigns(body, member) ? left : Outcomes.Unknown;
        }

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
        Outcomes Assigned(Outcomes before) => Evaluate(use.Value!, shape, symbol => group.Contains(symbol) ? before : null);
        return use.Kind switch
        {
            UseKind.Assigned => Assigned,
            UseKind.AssignedIfNull => before => before.Fill(Assigned(before)),
            UseKind.Rewritten => static _ => Outcomes.Unknown,
            UseKind.Stored when use.Member is IFieldSymbol or IPropertySymbol && shape is not ItsOrigin && IsChangedElsewhere(use.Member, shape, body) => static _ => Outcomes.Unknown,
            UseKind.Stored when use.Member is { } target && group.Contains(target) => null,
            _ => shape.Effect(use, IntoCallee(shape)),
        };
    }

    /// <summary>Whether another method changes the object in a member without assigning it: it may run at any time.</summary>
    private bool IsChangedElsewhere(ISymbol member, Shape shape, Body here)
    {
        if (member.ContainingType is not { } type || !_activeMembers.Add((member, shape)))
            return false;

        var changed = _flow.BodiesOf(type).Touching(member).Any(body =>
            body.Root.Syntax != here.Root.Syntax && !Assigns(body, member) && Walk(body, member, shape, Outcomes.Nothing, out _) is { IsNothing: false });
        _activeMembers.Remove((member, shape));
        return changed;
    }

    private static bool Assigns(Body body, ISymbol member) =>
        body.References(member).Any(static one => Use.Of(one).Kind is UseKind.Assigned or UseKind.AssignedIfNull or UseKind.Rewritten);

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

        return before =>
        {
            if (!_active.Add((definition, shape)))
            {
                _cuts++;
                return Outcomes.Unknown;
            }

            var after = Walk(body, definition, shape, before, out _, function);
            _active.Remove((definition, shape));
            return after ?? before;
        };
    };
}
