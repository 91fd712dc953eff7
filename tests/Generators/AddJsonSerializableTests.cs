using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using Reliability.Generators.CodeFixes;

namespace Reliability.Generators.Tests;

public sealed class AddJsonSerializableTests
{
    private static readonly ReferenceAssemblies NoPackages = new("net10.0");

    [Fact]
    public Task A_type_is_added_below_the_others() => Mends(
        """
        namespace Shop;

        // What we send.
        [JsonSerializable(typeof(OrderPaid))]
        [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
        public partial class ShopJson : JsonSerializerContext;
        """,
        """
        namespace Shop;

        // What we send.
        [JsonSerializable(typeof(OrderPaid))]
        [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
        [JsonSerializable(typeof(OrderShipped))]
        public partial class ShopJson : JsonSerializerContext;
        """,
        """
            [LocalHandler("paid")]
            public static void Pay(OrderPaid order) { }

            [LocalHandler("shipped")]
            public static void Ship(OrderShipped {|REL4010:order|}) { }
        """);

    [Fact]
    public Task All_missing_types_are_added_at_once_and_each_once() => Mends(
        """
        namespace Shop
        {
            /// <summary>What we send.</summary>
            public partial class ShopJson : JsonSerializerContext;
        }
        """,
        """
        namespace Shop
        {
            /// <summary>What we send.</summary>
            [JsonSerializable(typeof(OrderPaid))]
            [JsonSerializable(typeof(OrderShipped))]
            public partial class ShopJson : JsonSerializerContext;
        }
        """,
        """
            [LocalHandler("paid")]
            public static void Pay(OrderPaid {|REL4010:order|}) { }

            [LocalHandler("paid2")]
            public static OrderShipped? {|REL4010:PayAgain|}(OrderPaid {|REL4010:order|}) => null;
        """,
        iterations: 2);

    [Fact]
    public Task Names_are_written_as_short_as_the_contexts_file_allows() => Mends(
        """
        namespace Elsewhere
        {
            [JsonSerializable(typeof(string))]
            public partial class ShopJson : JsonSerializerContext;
        }
        """,
        """
        namespace Elsewhere
        {
            [JsonSerializable(typeof(string))]
            [JsonSerializable(typeof(Shop.Change<Shop.OrderPaid>))]
            public partial class ShopJson : JsonSerializerContext;
        }
        """,
        """
            [LocalHandler("changed")]
            public static void Note(Change<OrderPaid> {|REL4010:change|}) { }
        """,
        context: "Elsewhere.ShopJson");

    private static async Task Mends(string json, string mended, string handlers, int iterations = 1, string context = "Shop.ShopJson")
    {
        var messages =
            $$"""
            [assembly: HandlerJson(typeof({{context}}))]

            namespace Shop;

            public record OrderPaid(Guid OrderId);
            [PublishTo("shipped")] public record OrderShipped(Guid OrderId);
            public record Change<T>(T Value);

            public static class Handlers
            {
            {{handlers}}
            }
            """;
        var test = new CSharpCodeFixTest<HandlerAnalyzer, AddJsonSerializable, DefaultVerifier>
        {
            ReferenceAssemblies = NoPackages,
            CompilerDiagnostics = CompilerDiagnostics.None,
            TestBehaviors = TestBehaviors.SkipSuppressionCheck | TestBehaviors.SkipGeneratedCodeCheck,
            NumberOfIncrementalIterations = iterations,
            NumberOfFixAllIterations = 1,
        };
        foreach (var (state, text) in new[] { (test.TestState, json), (test.FixedState, mended) })
        {
            state.Sources.Add(("Json.cs", text));
            state.Sources.Add(("Handlers.cs", state == test.TestState ? messages : messages.Replace("{|REL4010:", "", StringComparison.Ordinal).Replace("|}", "", StringComparison.Ordinal)));
            state.Sources.Add(("Usings.cs", GeneratorRun.Usings));
        }

        test.TestState.AdditionalReferences.AddRange(GeneratorRun.References);
        test.SolutionTransforms.Add((solution, project) => solution.WithProjectParseOptions(project, GeneratorRun.ParseOptions));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }
}
