using Microsoft.CodeAnalysis.Diagnostics;

namespace Reliability.Tests.Handlers;

/// <summary>Members of a class with handlers.</summary>
internal static class HandlerCode
{
    /// <summary>Runs a rule over members of the static class <c>Billing</c>.</summary>
    public static Task SaysAsync<TRule>(string members)
        where TRule : DiagnosticAnalyzer, new() => TypesAsync<TRule>($"public static class Billing {{ {members} }}");

    /// <summary>Runs a rule over whole types.</summary>
    public static Task TypesAsync<TRule>(string types)
        where TRule : DiagnosticAnalyzer, new() => Verify.FileAsync<TRule>(Client.Handlers, $$"""
            {{types}}
            public record OrderPaid(Guid OrderId) { public int Amount { get; init; } }
            public record PaymentFailed(Guid OrderId);
            public class ShopDb : DbContext { public DbSet<OrderPaid> Orders => Set<OrderPaid>(); }
            public interface IStock { Task TakeAsync(int amount, CancellationToken token = default); void Take(int amount); }
            public abstract class PgTransaction : DbTransaction;
            public abstract class PgConnection(string text) : DbConnection { public string Text => text; }
            public sealed class PgCommands(PgConnection connection) { public PgConnection Connection => connection; }
            """);
}
