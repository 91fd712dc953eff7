using Microsoft.CodeAnalysis;

namespace Reliability.Generators.Tests;

/// <summary>Code that is being typed is broken most of the time. Neither generator nor analyzer may fail on it.</summary>
public sealed class BrokenCodeTests
{
    private const string Typed =
        """
        [assembly: HandlerJson(typeof(Shop.ShopJson))]
        namespace Shop;

        public record Address(string? City);
        public record OrderPaid(Guid OrderId, string Customer, Address? ShipTo);
        [PublishTo("invoices", Key = nameof(Customer))] public record InvoiceIssued(Guid OrderId, string Customer);
        [PublishTo("mails"), MessageName("mail")] public readonly record struct MailWanted(string To);

        [JsonSerializable(typeof(OrderPaid)), JsonSerializable(typeof(InvoiceIssued)), JsonSerializable(typeof(MailWanted))]
        internal partial class ShopJson : JsonSerializerContext;

        internal sealed class Invoicing(IComparable<int> clock)
        {
            [RabbitMqHandler("paid", DedupeKey = nameof(OrderPaid.OrderId), OrderBy = "ShipTo.City", Attempts = 5, Name = "invoicing")]
            [KafkaHandler("orders")]
            public async Task<(InvoiceIssued Invoice, MailWanted? Mail)> IssueAsync(OrderPaid order, DbTransaction transaction, CancellationToken ct)
            {
                await Task.Yield();
                return (new InvoiceIssued(order.OrderId, clock.ToString()!), null);
            }

            [LocalHandler("mails")]
            internal static IEnumerable<MailWanted[]?> Note(MailWanted mail, [FromKeyedServices("eu")] Func<IServiceProvider>? european) => [];
        }
        """;

    [Fact]
    public async Task Every_beginning_of_a_file_is_borne()
    {
        // The analyzer takes longer, and sees something new only where a token ends.
        var ends = Tokens().Select(token => token.Span.End).ToHashSet();
        for (var length = 0; length <= Typed.Length; length++)
        {
            await IsBorne(Typed[..length], $"the first {length} characters", alsoAnalyzed: ends.Contains(length));
        }
    }

    [Fact]
    public async Task A_file_with_any_one_token_left_out_is_borne()
    {
        foreach (var token in Tokens())
        {
            await IsBorne(Typed.Remove(token.Span.Start, token.Span.Length), $"without '{token}' at {token.SpanStart}", alsoAnalyzed: true);
        }
    }

    [Fact]
    public async Task The_whole_file_is_right() => Assert.Empty(await GeneratorRun.Of(Typed).RuleFindingsAsync());

    private static IEnumerable<SyntaxToken> Tokens() =>
        GeneratorRun.Compile(Typed).SyntaxTrees[1].GetRoot(TestContext.Current.CancellationToken).DescendantTokens();

    private static async Task IsBorne(string source, string what, bool alsoAnalyzed)
    {
        var run = GeneratorRun.OfHandlersOnly(source);
        Assert.True(run.Result.Exception is null, $"The generator failed on {what}: {run.Result.Exception}");
        if (alsoAnalyzed)
        {
            await run.RuleFindingsAsync();
        }

        foreach (var file in run.Result.GeneratedSources)
        {
            var errors = file.SyntaxTree.GetDiagnostics(TestContext.Current.CancellationToken).Where(found => found.Severity == DiagnosticSeverity.Error);
            Assert.True(!errors.Any(), $"{file.HintName} does not parse for {what}: {string.Join("; ", errors)}\n{file.SourceText}");
        }
    }
}
