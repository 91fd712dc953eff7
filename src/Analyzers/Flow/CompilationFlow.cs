using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>What one compilation's rules share: the clients' symbols, and every body and type that one of them has read so far.</summary>
internal sealed class CompilationFlow
{
    private static readonly ConditionalWeakTable<Compilation, Lazy<CompilationFlow?>> PerCompilation = new();

    private readonly Compilation _compilation;
    private readonly ConditionalWeakTable<IOperation, Body> _bodies = new();
    private readonly ConditionalWeakTable<Body, DeclaredQueues> _queues = new();
    private readonly ConcurrentDictionary<SyntaxNode, Body?> _bodiesBySyntax = new();
    private readonly ConcurrentDictionary<INamedTypeSymbol, TypeBodies> _types = new(SymbolEqualityComparer.Default);

    private readonly ConcurrentDictionary<IMethodSymbol, IReadOnlyList<IOperation>> _uses = new(SymbolEqualityComparer.Default);
    private readonly Lazy<Topology> _topology;
    private readonly bool _isProgram;

    private CompilationFlow(Compilation compilation, MessagingTypes types)
    {
        _compilation = compilation;
        _isProgram = compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication or OutputKind.WindowsRuntimeApplication;
        Types = types;
        Hierarchy = new Hierarchy(compilation.Assembly);
        Publications = new Publications(this);
        Writes = new DatabaseWrites(this);
        ConsumeLoops = new ConsumeLoops(this);
        Members = new SharedMembers(compilation, this, _isProgram);
        Registrations = new Registrations(compilation, this);
        _topology = new Lazy<Topology>(() => new Topology(compilation, this));
    }

    public MessagingTypes Types { get; }

    /// <summary>Whether a symbol is declared in this compilation.</summary>
    public bool Declares(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, _compilation.Assembly);

    /// <summary>Which of the compilation's types derive from which.</summary>
    public Hierarchy Hierarchy { get; }

    /// <summary>The one instance for a compilation, or null where it references no client.</summary>
    public static CompilationFlow? Of(Compilation compilation) =>
        PerCompilation.GetValue(compilation, static key => new Lazy<CompilationFlow?>(() =>
            MessagingTypes.From(key) is { } types ? new CompilationFlow(key, types) : null)).Value;

    /// <summary>The body around an operation.</summary>
    public Body BodyAround(IOperation operation) => _bodies.GetValue(operation.Root(), root => new Body(root, Types));

    /// <summary>The body that a piece of syntax makes, or null where it makes none.</summary>
    public Body? BodyOf(SyntaxNode syntax) => _bodiesBySyntax.GetOrAdd(syntax, node =>
        _compilation.ContainsSyntaxTree(node.SyntaxTree) && _compilation.GetSemanticModel(node.SyntaxTree).GetOperation(node) is { } operation
            ? BodyAround(operation)
            : null);

    /// <summary>The body of a method, constructor, accessor or expression-bodied property in this compilation; null where it is out of view.</summary>
    public Body? BodyOf(IMethodSymbol method)
    {
        foreach (var declaration in method.DeclaringSyntaxReferences)
        {
            var syntax = declaration.GetSyntax();
            if (syntax is BaseMethodDeclarationSyntax { Body: null, ExpressionBody: null } or LocalFunctionStatementSyntax)
                continue;

            if (BodyOf(syntax) is { } body)
                return body;
        }

        return null;
    }

    /// <summary>The code of a type, all parts together.</summary>
    public TypeBodies BodiesOf(INamedTypeSymbol type) => _types.GetOrAdd(type, key => new TypeBodies(key, this));

    /// <summary>
    /// Every use of a method, where all of them are in view: a local function, a private method, or one that only this compilation can call. Null where there may be others.
    /// Of a constructor those in view: containers and libraries make objects too.
    /// </summary>
    /// <param name="method">The method.</param>
    /// <param name="body">The code that a local function is part of.</param>
    public IReadOnlyList<IOperation>? UsesOf(IMethodSymbol method, Body body)
    {
        method = method.OriginalDefinition;
        if (method.MethodKind == MethodKind.LocalFunction)
            return body.References(method);

        if (method.MethodKind == MethodKind.Constructor && method.ContainingType is { } made)
        {
            return _uses.GetOrAdd(method, key => SourceSearch.BodiesNaming(made.Name, _compilation, this)
                .Concat(Hierarchy.HeirsOf(made).SelectMany(heir => BodiesOf(heir).Touching(key))).Concat(BodiesOf(made).Touching(key)).Distinct().SelectMany(one => one.References(key)).ToList());
        }

        // What implements an interface, or is virtual, may be called by another name.
        if (method.MethodKind != MethodKind.Ordinary || method.IsVirtual || method.IsAbstract || method.IsOverride || method.ContainingType is not { } type)
            return null;
        if (method.DeclaredAccessibility == Accessibility.Private)
            return BodiesOf(type).Touching(method).SelectMany(one => one.References(method)).ToList();

        var isClosed = _isProgram || IsInternal(method);
        return isClosed && !type.AllInterfaces.Any(one => one.GetMembers(method.Name).Length > 0)
            ? _uses.GetOrAdd(method, key => SourceSearch.BodiesNaming(key.Name, _compilation, this).SelectMany(one => one.References(key)).ToList())
            : null;
    }

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

    /// <summary>Which calls come down to a publish.</summary>
    public Publications Publications { get; }

    /// <summary>Which calls write to a database.</summary>
    public DatabaseWrites Writes { get; }

    /// <summary>Loops over a consumer's records.</summary>
    public ConsumeLoops ConsumeLoops { get; }

    /// <summary>Fields and properties that others than their own type can reach.</summary>
    public SharedMembers Members { get; }

    /// <summary>What dependency injection hands to constructors.</summary>
    public Registrations Registrations { get; }

    /// <summary>The queues that the compilation declares.</summary>
    public Topology Topology => _topology.Value;

    /// <summary>All code that may touch a member: its type's, and for one that heirs share theirs too.</summary>
    public IReadOnlyList<Body> Touching(ISymbol member)
    {
        var own = BodiesOf(member.ContainingType).Touching(member);
        if (member is IFieldSymbol or IPropertySymbol && !member.DeclaredAccessibility.IsOfFamily())
            return own.Concat(Members.Touching(member)).Distinct().ToList();
        if (member.DeclaredAccessibility == Accessibility.Private || Hierarchy.HeirsOf(member.ContainingType) is not { Count: > 0 } heirs)
            return own;

        return own.Concat(heirs.SelectMany(heir => BodiesOf(heir).Touching(member))).Distinct().ToList();
    }

    /// <summary>What is done to each channel variable that a publish was seen on.</summary>
    public ConcurrentDictionary<ISymbol, ChannelFacts> Channels { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>The queues that are declared in the same type, or in the same program, as an operation.</summary>
    public DeclaredQueues QueuesAround(IOperation operation) => _queues.GetValue(BodyAround(operation), body =>
    {
        var type = body.Root.SemanticModel?.GetEnclosingSymbol(operation.Syntax.SpanStart)?.ContainingType;
        return new DeclaredQueues(type is null ? new[] { body } : BodiesOf(type).All, this);
    });
}
