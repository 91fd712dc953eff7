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

    private readonly Lazy<Topology> _topology;

    private CompilationFlow(Compilation compilation, MessagingTypes types)
    {
        _compilation = compilation;
        Types = types;
        Reach = new Reach(compilation, this);
        Hierarchy = new Hierarchy(compilation.Assembly);
        Publications = new Publications(this);
        Writes = new DatabaseWrites(this);
        ConsumeLoops = new ConsumeLoops(this);
        Members = new SharedMembers(compilation, this);
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

    /// <summary>Who can touch a member or call a method.</summary>
    public Reach Reach { get; }

    /// <inheritdoc cref="Reach.UsesOf" />
    public IReadOnlyList<IOperation>? UsesOf(IMethodSymbol method, Body body) => Reach.UsesOf(method, body);

    /// <inheritdoc cref="Reach.Touching" />
    public IReadOnlyList<Body> Touching(ISymbol member) => Reach.Touching(member);

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

    /// <summary>What is done to each channel variable that a publish was seen on.</summary>
    public ConcurrentDictionary<ISymbol, ChannelFacts> Channels { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>The queues that are declared in the same type, or in the same program, as an operation.</summary>
    public DeclaredQueues QueuesAround(IOperation operation) => _queues.GetValue(BodyAround(operation), body =>
    {
        var type = body.Root.SemanticModel?.GetEnclosingSymbol(operation.Syntax.SpanStart)?.ContainingType;
        return new DeclaredQueues(type is null ? new[] { body } : BodiesOf(type).All, this);
    });
}
