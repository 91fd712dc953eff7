using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Handlers;

/// <summary>What a compilation knows of this project's handlers, and of the databases that they work on. Looked up once per compilation.</summary>
internal sealed class HandlerTypes
{
    private static readonly ConditionalWeakTable<Compilation, Lazy<HandlerTypes?>> PerCompilation = new();

    private readonly INamedTypeSymbol _attribute;
    private readonly Lazy<Hierarchy> _hierarchy;

    private HandlerTypes(Compilation compilation, INamedTypeSymbol attribute)
    {
        _attribute = attribute;
        _hierarchy = new Lazy<Hierarchy>(() => new Hierarchy(compilation.Assembly));
        Transaction = compilation.GetTypeByMetadataName("System.Data.Common.DbTransaction");
        TransactionInterface = compilation.GetTypeByMetadataName("System.Data.IDbTransaction");
        Connection = compilation.GetTypeByMetadataName("System.Data.Common.DbConnection");
        ConnectionInterface = compilation.GetTypeByMetadataName("System.Data.IDbConnection");
        DataSource = compilation.GetTypeByMetadataName("System.Data.Common.DbDataSource");
        ProviderFactory = compilation.GetTypeByMetadataName("System.Data.Common.DbProviderFactory");
        Context = compilation.GetTypeByMetadataName("Microsoft.EntityFrameworkCore.DbContext");
        ContextFactory = compilation.GetTypeByMetadataName("Microsoft.EntityFrameworkCore.IDbContextFactory`1");
        CancellationToken = compilation.GetTypeByMetadataName("System.Threading.CancellationToken");
    }

    public INamedTypeSymbol? Transaction { get; }

    public INamedTypeSymbol? TransactionInterface { get; }

    public INamedTypeSymbol? Connection { get; }

    public INamedTypeSymbol? ConnectionInterface { get; }

    public INamedTypeSymbol? DataSource { get; }

    public INamedTypeSymbol? ProviderFactory { get; }

    public INamedTypeSymbol? Context { get; }

    public INamedTypeSymbol? ContextFactory { get; }

    public INamedTypeSymbol? CancellationToken { get; }

    /// <summary>Which of the compilation's types derive from which.</summary>
    public Hierarchy Hierarchy => _hierarchy.Value;

    /// <summary>The one instance for a compilation, or null where it does not reference the runtime.</summary>
    public static HandlerTypes? Of(Compilation compilation) => PerCompilation.GetValue(compilation, static key => new Lazy<HandlerTypes?>(() =>
        key.GetTypeByMetadataName("Reliability.HandlerAttribute") is { } attribute ? new HandlerTypes(key, attribute) : null)).Value;

    /// <summary>The attributes that make a method a handler, in the order written.</summary>
    public IEnumerable<AttributeData> AttributesOf(IMethodSymbol method) => method.GetAttributes().Where(one => Same(one.AttributeClass?.BaseType, _attribute));

    public bool IsHandler(IMethodSymbol method) => AttributesOf(method).Any();

    public bool IsTransaction(ITypeSymbol? type) => Derives(type, Transaction) || Implements(type, TransactionInterface);

    public bool IsConnection(ITypeSymbol? type) => Derives(type, Connection) || Implements(type, ConnectionInterface);

    public bool IsContext(ITypeSymbol? type) => Derives(type, Context);

    public static bool Same(ITypeSymbol? one, ITypeSymbol? other) => other is not null && SymbolEqualityComparer.Default.Equals(one?.OriginalDefinition, other);

    public static bool Derives(ITypeSymbol? type, INamedTypeSymbol? ancestor)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (Same(type, ancestor))
                return true;
        }

        return false;
    }

    private static bool Implements(ITypeSymbol? type, INamedTypeSymbol? contract) => Same(type, contract) || (type is not null && type.AllInterfaces.Any(one => Same(one, contract)));
}
