using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>
/// One method body, initializer or top-level program, read once: who refers to what, which results it returns, what it calls on a client.
/// Every later question is an index look-up, so the cost of a method stays linear in its size.
/// </summary>
internal sealed class Body
{
    private static readonly IReadOnlyList<IOperation> None = Array.Empty<IOperation>();

    private readonly Dictionary<ISymbol, List<IOperation>> _references = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<IOperation, List<IReturnOperation>> _returns = new();
    private readonly Dictionary<IOperation, List<IOperation>> _jumps = new();
    private readonly Dictionary<ISymbol, IOperation> _functions = new(SymbolEqualityComparer.Default);
    private readonly List<IInvocationOperation> _clientCalls = new();
    private readonly List<IInvocationOperation> _kafkaCalls = new();
    private readonly Lazy<ILookup<IOperation, IInvocationOperation>> _consumes;
    private readonly ConcurrentDictionary<Delegate, object?> _answers = new();

    public Body(IOperation root, MessagingTypes types)
    {
        Root = root;
        _consumes = new(() => _kafkaCalls.Where(static one => one.TargetMethod.Name == "Consume").ToLookup(static one => one.Function()));
        foreach (var operation in root.DescendantsAndSelf())
            Read(operation, types);
    }

    public IOperation Root { get; }

    /// <summary>The symbols that the body refers to.</summary>
    public IEnumerable<ISymbol> Symbols => _references.Keys;

    /// <summary>The calls on Confluent.Kafka's types, in source order.</summary>
    public IReadOnlyList<IInvocationOperation> KafkaCalls => _kafkaCalls;

    /// <summary>The calls on a RabbitMQ client's types, in source order.</summary>
    public IReadOnlyList<IInvocationOperation> ClientCalls => _clientCalls;

    /// <summary>The calls of Kafka's <c>Consume</c> that a function (the root, a lambda, a local function) makes itself.</summary>
    public IEnumerable<IInvocationOperation> ConsumesIn(IOperation function) => _consumes.Value[function];

    /// <summary>The answer to a question about the whole body, which is worked out once.</summary>
    /// <param name="question">The question, which must be the same delegate each time that it is asked.</param>
    public T Ask<T>(Func<Body, T> question) => (T)_answers.GetOrAdd(question, asked => ((Func<Body, T>)asked)(this))!;

    /// <summary>Where each setting of a variable's object can be seen to have been made, by <see cref="Tracer.IsSeen"/>.</summary>
    public ConcurrentDictionary<(ISymbol Variable, Shape Shape), HashSet<IOperation>> SeenSites { get; } = new();

    /// <summary>What is known at each reference of a variable; kept so that many uses of one variable are worked out together.</summary>
    public ConcurrentDictionary<(ISymbol Variable, Shape Shape), IReadOnlyDictionary<IOperation, Outcomes>> States { get; } = new();

    /// <summary>References, declarations and initializers of a symbol, in source order.</summary>
    public IReadOnlyList<IOperation> References(ISymbol symbol) => _references.TryGetValue(symbol, out var found) ? found : None;

    /// <summary>The places where a function (the root or a local function) returns.</summary>
    public IEnumerable<IOperation> Returns(IOperation function) => _returns.TryGetValue(function, out var found) ? found : Enumerable.Empty<IOperation>();

    /// <summary>The <c>break</c> and <c>continue</c> statements of a loop or switch.</summary>
    public IEnumerable<IOperation> Jumps(IOperation loop) => _jumps.TryGetValue(loop, out var found) ? found : Enumerable.Empty<IOperation>();

    /// <summary>A local function of this body, by its symbol.</summary>
    public IOperation? Function(IMethodSymbol method) => _functions.TryGetValue(method.OriginalDefinition, out var found) ? found : null;

    /// <summary>The results of the method that this body belongs to, or of a local function in it.</summary>
    public IEnumerable<IOperation> Results(IMethodSymbol method)
    {
        var function = Root;
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            if (!_functions.TryGetValue(method.OriginalDefinition, out var local))
                return Enumerable.Empty<IOperation>();
            function = local;
        }

        return _returns.TryGetValue(function, out var found) ? found.Select(static one => one.ReturnedValue).OfType<IOperation>() : Enumerable.Empty<IOperation>();
    }

    /// <summary>The results of a lambda of this body.</summary>
    public IEnumerable<IOperation> ResultsOf(IOperation lambda) => Returns(lambda).Select(static one => ((IReturnOperation)one).ReturnedValue).OfType<IOperation>();

    private void Read(IOperation operation, MessagingTypes types)
    {
        switch (operation)
        {
            case IBranchOperation { BranchKind: BranchKind.Break or BranchKind.Continue } jump when Left(jump) is { } left:
                if (!_jumps.TryGetValue(left, out var jumps))
                    _jumps.Add(left, jumps = new List<IOperation>());
                jumps.Add(jump);
                break;
            case IVariableDeclaratorOperation declarator:
                Add(declarator.Symbol, operation);
                break;
            case IFieldInitializerOperation initializer:
                foreach (var field in initializer.InitializedFields)
                    Add(field, operation);
                break;
            case IPropertyInitializerOperation initializer:
                foreach (var property in initializer.InitializedProperties)
                    Add(property, operation);
                break;
            case IInvocationOperation call:
                if (types.ClientOf(call.TargetMethod) is not null)
                    _clientCalls.Add(call);
                else if (types.Kafka?.Declares(call.TargetMethod) == true)
                    _kafkaCalls.Add(call);
                else
                    Add(call.TargetMethod.OriginalDefinition, operation);
                break;
            case IObjectCreationOperation { Constructor: { DeclaringSyntaxReferences.IsEmpty: false } constructor }:
                Add(constructor.OriginalDefinition, operation);
                break;
            case ILocalFunctionOperation function:
                _functions[function.Symbol] = function;
                break;
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance, Type: { } self, Parent: not IInvocationOperation { TargetMethod.MethodKind: MethodKind.Constructor } } when types.Kafka?.IsConfig(self) == true:
                Add(self.OriginalDefinition, operation);
                break;
            case IMethodReferenceOperation method:
                Add(method.Method.OriginalDefinition, operation);
                break;
            case IReturnOperation { IsImplicit: true, ReturnedValue: null }:
                break;
            case IReturnOperation { Kind: OperationKind.Return } result:
                var owner = result.Function();
                if (!_returns.TryGetValue(owner, out var results))
                    _returns.Add(owner, results = new List<IReturnOperation>());
                results.Add(result);
                break;
            default:
                if (operation.Symbol() is { } symbol)
                    Add(symbol, operation);
                break;
        }
    }

    /// <summary>The loop or switch that a jump leaves or goes on with.</summary>
    private static IOperation? Left(IBranchOperation jump)
    {
        for (var outer = jump.Parent; outer is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation); outer = outer.Parent)
        {
            if (outer is ILoopOperation || (outer is ISwitchOperation && jump.BranchKind == BranchKind.Break))
                return outer;
        }

        return null;
    }

    private void Add(ISymbol symbol, IOperation operation)
    {
        if (symbol is IMethodSymbol or IFieldSymbol or IPropertySymbol && symbol.DeclaringSyntaxReferences.IsEmpty)
            return;

        if (!_references.TryGetValue(symbol, out var found))
            _references.Add(symbol, found = new List<IOperation>());
        found.Add(operation);
    }
}
