using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>
/// Calls after which a database has something for good: EF Core's SaveChanges, ADO.NET's and Dapper's commands that are not only queries, commits, MongoDB's writes; and the methods
/// of the project's own repositories, stores and units of work that come down to one.
/// </summary>
internal sealed class DatabaseWrites(CompilationFlow flow)
{
    private const int MaximumDepth = 3;

    private static readonly string[] Changing = { "INSERT", "UPDATE", "DELETE", "MERGE" };

    /// <summary>What people call the types that keep things. Others are not looked into: that would be every call of the compilation.</summary>
    private static readonly string[] Keepers = { "Repositor", "Store", "Storage", "UnitOfWork", "Context", "Dao", "Database", "Persistence", "DataAccess" };

    private static readonly string[] MongoWrites =
    {
        "InsertOne", "InsertMany", "ReplaceOne", "UpdateOne", "UpdateMany", "DeleteOne", "DeleteMany", "BulkWrite", "FindOneAndReplace", "FindOneAndUpdate", "FindOneAndDelete",
    };

    private readonly ConcurrentDictionary<IMethodSymbol, bool> _methods = new(SymbolEqualityComparer.Default);

    public bool Is(IInvocationOperation call) => Is(call, 0);

    private bool Is(IInvocationOperation call, int depth)
    {
        var method = call.TargetMethod;
        return method.Name switch
        {
            "SaveChanges" or "SaveChangesAsync" when Derives(method.ContainingType, "DbContext") => true,
            "Commit" or "CommitAsync" when Derives(method.ContainingType, "DbTransaction", "IDbTransaction", "IDbContextTransaction") => true,
            "ExecuteNonQuery" or "ExecuteNonQueryAsync" when Derives(method.ContainingType, "DbCommand", "IDbCommand") => true,
            "ExecuteUpdate" or "ExecuteUpdateAsync" or "ExecuteDelete" or "ExecuteDeleteAsync" when method.ContainingNamespace?.Name == "EntityFrameworkCore" => true,
            "Execute" or "ExecuteAsync" when method.ContainingNamespace?.Name == "Dapper" => call.Arguments.FirstOrDefault(static one => one.Parameter?.Name == "sql") is { } sql
                && flow.Text(sql.Value) is { } text && Array.Exists(Changing, word => text.TrimStart().StartsWith(word, StringComparison.OrdinalIgnoreCase)),
            var name when method.ContainingNamespace is { Name: "Driver", ContainingNamespace.Name: "MongoDB" } => Array.Exists(MongoWrites, one => name == one || name == one + "Async"),
            _ => IsKeepers(method) && ComesDownToOne(method.OriginalDefinition, depth),
        };
    }

    private static bool IsKeepers(IMethodSymbol method) => method is { MethodKind: MethodKind.Ordinary, ContainingType: { } type }
        && (method.Name is "SaveChanges" or "SaveChangesAsync" || Array.Exists(Keepers, word => type.Name.IndexOf(word, StringComparison.Ordinal) >= 0));

    private bool ComesDownToOne(IMethodSymbol method, int depth)
    {
        if (depth >= MaximumDepth)
            return false;
        if (_methods.TryGetValue(method, out var known))
            return known;

        var targets = method.IsAbstract ? flow.Hierarchy.SomeImplementationsOf(method) : method.DeclaringSyntaxReferences.IsEmpty ? Array.Empty<IMethodSymbol>() : new[] { method };
        var writes = targets.Any(target => flow.BodyOf(target) is { } body && body.Root.Descendants().OfType<IInvocationOperation>().Any(inner => IsInner(inner, target, depth + 1)));

        // A no that was cut short by the depth is not kept.
        if (writes || depth == 0)
            _methods.TryAdd(method, writes);
        return writes;
    }

    /// <summary>Inside a keeper its own helpers count too.</summary>
    private bool IsInner(IInvocationOperation call, IMethodSymbol caller, int depth) => Is(call, depth)
        || (SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType.OriginalDefinition, caller.ContainingType.OriginalDefinition)
            && !SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, caller) && ComesDownToOne(call.TargetMethod.OriginalDefinition, depth));

    private static bool Derives(INamedTypeSymbol? type, params string[] names)
    {
        for (var ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (names.Contains(ancestor.Name))
                return true;
        }

        return type is not null && type.AllInterfaces.Any(one => names.Contains(one.Name));
    }
}
