using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>Calls after which a database has something for good: EF Core's SaveChanges, ADO.NET's and Dapper's commands that are not only queries, commits.</summary>
internal static class DatabaseWrites
{
    private static readonly string[] Changing = { "INSERT", "UPDATE", "DELETE", "MERGE" };

    public static bool Is(IInvocationOperation call, CompilationFlow flow) => call.TargetMethod.Name switch
    {
        "SaveChanges" or "SaveChangesAsync" => IsContext(call, flow),
        "Commit" or "CommitAsync" => Derives(call.TargetMethod.ContainingType, "DbTransaction", "IDbTransaction", "IDbContextTransaction"),
        "ExecuteNonQuery" or "ExecuteNonQueryAsync" => Derives(call.TargetMethod.ContainingType, "DbCommand", "IDbCommand"),
        "Execute" or "ExecuteAsync" when call.TargetMethod.ContainingNamespace?.Name == "Dapper" => call.Arguments.FirstOrDefault(static one => one.Parameter?.Name == "sql") is { } sql
            && flow.Text(sql.Value) is { } text && Array.Exists(Changing, word => text.TrimStart().StartsWith(word, StringComparison.OrdinalIgnoreCase)),
        _ => false,
    };

    /// <summary>A context, or a member of the project (a unit of work, a repository) that comes down to one.</summary>
    private static bool IsContext(IInvocationOperation call, CompilationFlow flow)
    {
        if (Derives(call.TargetMethod.ContainingType, "DbContext"))
            return true;

        var method = call.TargetMethod.OriginalDefinition;
        var targets = method.IsAbstract ? flow.Hierarchy.ImplementationsOf(method).OfType<IMethodSymbol>() : new[] { method };
        return targets.Any(target => !target.DeclaringSyntaxReferences.IsEmpty && flow.BodyOf(target) is { } body
            && body.Root.Descendants().OfType<IInvocationOperation>().Any(static inner => inner.TargetMethod.Name is "SaveChanges" or "SaveChangesAsync" && Derives(inner.TargetMethod.ContainingType, "DbContext")));
    }

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
