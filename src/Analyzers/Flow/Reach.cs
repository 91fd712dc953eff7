using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>Who can touch a member or call a method, as far as this compilation shows it.</summary>
internal sealed class Reach
{
    private readonly Compilation _compilation;
    private readonly CompilationFlow _flow;
    private readonly ConcurrentDictionary<IMethodSymbol, IReadOnlyList<IOperation>> _uses = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IMethodSymbol, IReadOnlyList<IOperation>> _creations = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ITypeSymbol, IReadOnlyList<IOperation>> _registered = new(SymbolEqualityComparer.Default);

    private static readonly string[] Registering = { "AddSingleton", "AddScoped", "AddTransient", "TryAddSingleton", "TryAddScoped", "TryAddTransient" };

    public Reach(Compilation compilation, CompilationFlow flow)
    {
        _compilation = compilation;
        _flow = flow;
        IsProgram = compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication or OutputKind.WindowsRuntimeApplication;
    }

    /// <summary>Whether nobody outside of the compilation can call its public members.</summary>
    public bool IsProgram { get; }

    /// <summary>
    /// Whether everything that gives a field or property a client's object is in view: its family's alone, visible in this project only, set by its own type only, or, where anyone might set it, set by
    /// its own type as well. Data that a configuration may be bound to is never taken to be.
    /// </summary>
    public bool IsInView(ISymbol member)
    {
        if (member.DeclaringSyntaxReferences.IsEmpty || !SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, _compilation.Assembly))
            return false;
        if (member.DeclaredAccessibility.IsOfFamily())
            return true;
        if (!HoldsClient(member) || member.ContainingType is not { TypeKind: not TypeKind.Interface } type)
            return false;

        return IsProgram || IsInternal(member) || !IsSettableOutside(member) || _flow.BodiesOf(type).Touching(member).Any(body => Tracer.Assigns(body, member));
    }

    /// <summary>All code that may touch a member: its type's, for one that heirs share theirs too, and for one that others see all that names it.</summary>
    public IReadOnlyList<Body> Touching(ISymbol member)
    {
        var own = _flow.BodiesOf(member.ContainingType).Touching(member);
        if (member.DeclaredAccessibility == Accessibility.Private)
            return own;
        if (member is IFieldSymbol or IPropertySymbol && !member.DeclaredAccessibility.IsOfFamily())
            return own.Concat(_flow.Members.Touching(member)).Distinct().ToList();

        return _flow.Hierarchy.HeirsOf(member.ContainingType) is { Count: > 0 } heirs
            ? own.Concat(heirs.SelectMany(heir => _flow.BodiesOf(heir).Touching(member))).Distinct().ToList()
            : own;
    }

    /// <summary>
    /// Every use of a method or constructor, where all of them are in view: a local function, a private method, or one that only this compilation can call. Null where there may be others.
    /// </summary>
    /// <param name="method">The method.</param>
    /// <param name="body">The code that a local function is part of.</param>
    public IReadOnlyList<IOperation>? UsesOf(IMethodSymbol method, Body body)
    {
        method = method.OriginalDefinition;
        if (method.MethodKind == MethodKind.LocalFunction)
            return body.References(method);

        // What implements an interface, or is virtual, may be called by another name.
        if (method.IsVirtual || method.IsAbstract || method.IsOverride || method.ContainingType is not { } type)
            return null;
        if (method.MethodKind == MethodKind.Constructor)
            return IsProgram || IsInternal(method) ? _uses.GetOrAdd(method, Creations) : null;
        if (method.MethodKind != MethodKind.Ordinary)
            return null;
        if (method.DeclaredAccessibility == Accessibility.Private)
            return _flow.BodiesOf(type).Touching(method).SelectMany(one => one.References(method)).ToList();

        return (IsProgram || IsInternal(method)) && !type.AllInterfaces.Any(one => one.GetMembers(method.Name).Length > 0)
            ? _uses.GetOrAdd(method, key => SourceSearch.BodiesNaming(key.Name, _compilation, _flow).SelectMany(one => one.References(key)).ToList())
            : null;
    }

    /// <summary>The creations of a type by a constructor that are in view, by heirs and other constructors too. A container or a library may make others.</summary>
    public IReadOnlyList<IOperation> CreationsOf(IMethodSymbol constructor) => _creations.GetOrAdd(constructor.OriginalDefinition, key => SourceSearch.BodiesNaming(key.ContainingType.Name, _compilation, _flow)
        .Concat(_flow.Hierarchy.HeirsOf(key.ContainingType).SelectMany(heir => _flow.BodiesOf(heir).Touching(key)))
        .Concat(_flow.BodiesOf(key.ContainingType).Touching(key))
        .Distinct().SelectMany(one => one.References(key)).ToList());

    /// <summary>
    /// What the program's container hands to a parameter of a constructor or of an endpoint: the results of the functions that are registered for its type. None where the parameter is not the container's to fill.
    /// </summary>
    public IReadOnlyList<IOperation> RegisteredFor(IParameterSymbol parameter) =>
        IsProgram && _flow.Types.IsChannel(parameter.Type) && parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.AnonymousFunction } method && (method.MethodKind == MethodKind.Constructor || IsEndpoint(method))
            ? _registered.GetOrAdd(parameter.Type, Registrations)
            : Array.Empty<IOperation>();

    private IReadOnlyList<IOperation> Registrations(ITypeSymbol type)
    {
        var results = new List<IOperation>();
        foreach (var body in Registering.SelectMany(name => SourceSearch.BodiesNaming(name, _compilation, _flow)).Distinct())
        {
            foreach (var call in body.Root.Descendants().OfType<IInvocationOperation>())
            {
                if (Array.IndexOf(Registering, call.TargetMethod.Name) < 0 || call.TargetMethod.TypeArguments.FirstOrDefault() is not { } service || !SymbolEqualityComparer.Default.Equals(service, type))
                    continue;
                if (call.Arguments.Select(static one => (one.Value.Unwrap() as IDelegateCreationOperation)?.Target).OfType<IAnonymousFunctionOperation>().FirstOrDefault() is not { } factory)
                    return Array.Empty<IOperation>();
                results.AddRange(_flow.BodyAround(factory).ResultsOf(factory));
            }
        }

        return results;
    }

    /// <summary>A lambda that is mapped to a route: <c>app.MapPost("/orders", (Order order, IModel channel) => …)</c>.</summary>
    private static bool IsEndpoint(IMethodSymbol lambda) =>
        lambda.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax().Parent is ArgumentSyntax
        {
            Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "MapGet" or "MapPost" or "MapPut" or "MapDelete" or "MapPatch" or "Map" } },
        };

    /// <summary>All calls of a constructor; none where a container makes the objects, as its arguments are out of view.</summary>
    private IReadOnlyList<IOperation> Creations(IMethodSymbol constructor)
    {
        var name = constructor.ContainingType.Name;
        if (SourceSearch.IsNamedAsTypeArgument(name, _compilation))
            return Array.Empty<IOperation>();

        return SourceSearch.BodiesCreating(name, _compilation, _flow).SelectMany(one => one.References(constructor)).ToList();
    }

    private bool HoldsClient(ISymbol member)
    {
        var type = member switch { IFieldSymbol field => field.Type, IPropertySymbol property => property.Type, _ => null };
        if (type is INamedTypeSymbol { Name: "Task" or "ValueTask" or "Lazy", TypeArguments: { Length: 1 } inner })
            type = inner[0];

        return type is not null && type.TypeKind == TypeKind.Interface && _flow.Types.IsClientCode(type);
    }

    private static bool IsSettableOutside(ISymbol member) => member switch
    {
        IFieldSymbol field => !field.IsReadOnly,
        IPropertySymbol { SetMethod: { } setter } => setter.DeclaredAccessibility is Accessibility.Public or Accessibility.ProtectedOrInternal,
        _ => false,
    };

    /// <summary>Whether only this compilation can name a symbol.</summary>
    public static bool IsInternal(ISymbol symbol)
    {
        for (var outer = symbol; outer is not null and not INamespaceSymbol; outer = outer.ContainingSymbol)
        {
            if (outer.DeclaredAccessibility is Accessibility.Private or Accessibility.Internal or Accessibility.ProtectedAndInternal)
                return true;
        }

        return false;
    }
}
