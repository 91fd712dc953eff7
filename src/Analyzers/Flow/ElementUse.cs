using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>What one reference to a dictionary, list, queue, stack or bag does with its elements.</summary>
/// <param name="IsFollowed">False where elements may come from, or go to, where they cannot be followed.</param>
/// <param name="Puts">What goes in: values, and the results of functions that make them.</param>
/// <param name="Got">The expression that yields an element, if it does.</param>
/// <param name="Into">The local that is given an element: of an <c>out</c> argument or a loop.</param>
internal readonly record struct ElementUse(bool IsFollowed, IReadOnlyList<IOperation> Puts, IOperation? Got = null, ISymbol? Into = null)
{
    private static readonly ElementUse Unknown = new(false, Array.Empty<IOperation>());
    private static readonly ElementUse Nothing = new(true, Array.Empty<IOperation>());

    private static readonly string[] Putting = { "Add", "TryAdd", "Enqueue", "Push", "Insert", "TryUpdate", "AddOrUpdate", "GetOrAdd" };
    private static readonly string[] Getting = { "GetOrAdd", "AddOrUpdate", "Dequeue", "Pop", "Peek", "Take", "First", "FirstOrDefault", "Last", "LastOrDefault", "Single", "ElementAt", "GetValueOrDefault" };
    private static readonly string[] Trying = { "TryGetValue", "TryDequeue", "TryTake", "TryPop", "TryPeek", "TryRemove", "Remove" };
    private static readonly string[] Harmless = { "Clear", "ContainsKey", "Contains", "Any", "Count", "Dispose", "CompleteAdding", "RemoveAt", "TrimExcess", "EnsureCapacity" };

    /// <summary>What a reference to a collection does with the elements.</summary>
    public static ElementUse Of(IOperation reference, CompilationFlow flow)
    {
        var use = Use.Of(reference);
        switch (use.Kind)
        {
            case UseKind.Assigned or UseKind.AssignedIfNull:
                return IsEmpty(use.Value!.Unwrap()) ? Nothing : Unknown;
            case UseKind.MemberSet when use.Index is not null:
                return new ElementUse(true, new[] { use.Value! });
            case UseKind.Read when use.Site is IPropertyReferenceOperation { Property.IsIndexer: true } element:
                return new ElementUse(true, Array.Empty<IOperation>(), Got: element);
            case UseKind.Read when Loop(use.Site) is { } loop:
                return loop.Locals.Length == 1 && Holds(loop.Locals[0].Type, flow) ? new ElementUse(true, Array.Empty<IOperation>(), Into: loop.Locals[0]) : Unknown;
            case UseKind.Read when use.Member is null or { Name: "Count" or "IsEmpty" or "Keys" }:
                return Nothing;
            case UseKind.Called when use.Site is IInvocationOperation call:
                return OfCall(call, flow);
            default:
                return Unknown;
        }
    }

    /// <summary>The collection that an expression takes an element out of, where the collection is a variable that only code in view fills; null for other expressions.</summary>
    public static ISymbol? CollectionBehind(IOperation expression, CompilationFlow flow)
    {
        var receiver = expression switch
        {
            IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } instance } => instance,
            IInvocationOperation { TargetMethod.Name: var name } call when Array.IndexOf(Getting, name) >= 0 || Array.IndexOf(Trying, name) >= 0 => call.Instance ?? (call.TargetMethod.IsExtensionMethod ? call.Arguments[0].Value : null),
            _ => null,
        };
        return Variable(receiver, flow);
    }

    /// <summary>The collection that a call puts its argument into, where it is such a variable; null for other calls.</summary>
    public static ISymbol? CollectionFilledBy(IInvocationOperation call, CompilationFlow flow) => Array.IndexOf(Putting, call.TargetMethod.Name) >= 0 ? Variable(call.Instance, flow) : null;

    /// <summary>The call that fills an <c>out</c> argument, from the place where its variable is rewritten.</summary>
    public static IOperation? FilledBy(IOperation site) => site is IDeclarationExpressionOperation { Parent: IArgumentOperation { Parent: { } call } } ? call : site;

    private static ElementUse OfCall(IInvocationOperation call, CompilationFlow flow)
    {
        var name = call.TargetMethod.Name;
        if (Array.IndexOf(Trying, name) >= 0)
        {
            var given = call.Arguments.FirstOrDefault(static one => one.Parameter?.RefKind == RefKind.Out)?.Value;
            given = given is IDeclarationExpressionOperation declared ? declared.Expression : given;
            return given is null or IDiscardOperation ? Nothing : given is ILocalReferenceOperation local ? new ElementUse(true, Array.Empty<IOperation>(), Into: local.Local) : Unknown;
        }

        var puts = new List<IOperation>();
        if (Array.IndexOf(Putting, name) >= 0)
        {
            // A dictionary's first argument is the key.
            foreach (var argument in call.Arguments.Skip(call.TargetMethod.ContainingType.TypeArguments.Length == 2 ? 1 : 0))
            {
                var value = argument.Value.Unwrap();
                switch ((value as IDelegateCreationOperation)?.Target)
                {
                    case IAnonymousFunctionOperation lambda:
                        puts.AddRange(flow.BodyAround(lambda).ResultsOf(lambda));
                        break;
                    case IMethodReferenceOperation { Method: { } method } when flow.BodyOf(method.OriginalDefinition) is { } body:
                        puts.AddRange(body.Results(method.OriginalDefinition));
                        break;
                    case not null:
                        return Unknown;
                    default:
                        if (Holds(value.Type, flow))
                            puts.Add(value);
                        break;
                }
            }
        }
        else if (Array.IndexOf(Getting, name) < 0)
        {
            return Array.IndexOf(Harmless, name) >= 0 ? Nothing : Unknown;
        }

        return new ElementUse(true, puts, Got: Array.IndexOf(Getting, name) >= 0 ? call : null);
    }

    private static ISymbol? Variable(IOperation? collection, CompilationFlow flow) =>
        collection?.Unwrap().Symbol() is { } variable && (variable is ILocalSymbol || (variable.DeclaredAccessibility.IsOfFamily() && !variable.DeclaringSyntaxReferences.IsEmpty)) && Collects(variable, flow) ? variable : null;

    private static bool Collects(ISymbol member, CompilationFlow flow)
    {
        var type = member switch { IFieldSymbol field => field.Type, IPropertySymbol property => property.Type, ILocalSymbol local => local.Type, _ => null };
        return type is INamedTypeSymbol { TypeArguments: { Length: 1 or 2 } arguments } && type.ContainingNamespace?.ToDisplayString().StartsWith("System.Collections", StringComparison.Ordinal) == true
            && Holds(arguments[arguments.Length - 1], flow);
    }

    private static bool Holds(ITypeSymbol? type, CompilationFlow flow)
    {
        while (type is INamedTypeSymbol { Name: "Task" or "ValueTask" or "Lazy", TypeArguments: { Length: 1 } inner })
            type = inner[0];

        return type is not null && flow.Types.IsClientCode(type);
    }

    private static bool IsEmpty(IOperation value) => value is IObjectCreationOperation { Initializer: null or { Initializers.Length: 0 } } creation && creation.Arguments.All(static one => one.Value.Type is { IsValueType: true } or { Name: "StringComparer" or "IEqualityComparer" })
        || value.ConstantValue is { HasValue: true, Value: null } || value.Syntax is CollectionExpressionSyntax { Elements.Count: 0 };

    private static IForEachLoopOperation? Loop(IOperation read)
    {
        var outer = read is IMemberReferenceOperation { Member.Name: not "Values" } ? null : read.Parent;
        while (outer is IConversionOperation or IParenthesizedOperation)
            outer = outer.Parent;

        return outer as IForEachLoopOperation;
    }
}
