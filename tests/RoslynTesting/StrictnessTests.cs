using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;

namespace Reliability.Tests;

public class StrictnessTests
{
    private static readonly ReferenceAssemblies Framework = new("net10.0");

    private static readonly MetadataReference[] References =
        [.. Directory.GetFiles(Path(), "*.dll").Select(file => MetadataReference.CreateFromFile(file))];

    private static string Path() => typeof(StrictnessTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "FrameworkReferences").Value!;

    private static DiagnosticResult Expected(params object[] arguments) =>
        new DiagnosticResult(ClassNames.Rule).WithLocation(0).WithArguments(arguments);

    private static Task Analyze(string source, params DiagnosticResult[] expected) => Run(new CSharpAnalyzerTest<ClassNames, DefaultVerifier>
    {
        TestCode = source,
    }, expected);

    private static Task Fix<TFix>(string source, string fixedSource, Action<CodeFixTest<DefaultVerifier>>? more = null)
        where TFix : CodeFixProvider, new()
    {
        var test = new CSharpCodeFixTest<ClassNames, TFix, DefaultVerifier> { TestCode = source, FixedCode = fixedSource };
        more?.Invoke(test);
        return Run(test, []);
    }

    private static Task Generate<TGenerator>(params (string Name, string Text)[] generated) where TGenerator : new()
    {
        var test = new CSharpSourceGeneratorTest<TGenerator, DefaultVerifier> { TestCode = "class A { }" };
        foreach (var (name, text) in generated)
            test.TestState.GeneratedSources.Add((typeof(TGenerator), name, text));
        return Run(test, []);
    }

    private static Task Run(AnalyzerTest<DefaultVerifier> test, DiagnosticResult[] expected)
    {
        test.ReferenceAssemblies = Framework;
        test.TestState.AdditionalReferences.AddRange(References);
        test.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    private static async Task Refuses(Task test, string because)
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => test);
        Assert.Contains(because, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_marked_diagnostic_is_found() => Analyze("class [|order|] { }");

    [Fact]
    public Task A_numbered_place_takes_arguments() => Analyze("class {|#0:order|} { }", Expected("order"));

    [Fact]
    public Task A_missing_diagnostic_fails() => Refuses(Analyze("class [|Order|] { }"), "expected \"1\" actual \"0\"");

    [Fact]
    public Task An_unexpected_diagnostic_fails() => Refuses(Analyze("class order { }"), "expected \"0\" actual \"1\"");

    [Fact]
    public Task A_misplaced_diagnostic_fails() => Refuses(Analyze("[|class|] order { }"), "TEST1");

    [Fact]
    public Task Another_length_fails() => Refuses(Analyze("class [|ord|]er { }"), "TEST1");

    [Fact]
    public Task Another_argument_fails() => Refuses(Analyze("class {|#0:order|} { }", Expected("invoice")), "invoice");

    [Fact]
    public Task A_descriptor_without_its_arguments_fails() => Refuses(Analyze("class {|#0:order|} { }", Expected()), "TEST1");

    [Fact]
    public Task Another_severity_fails() =>
        Refuses(Analyze("class {|#0:order|} { }", Expected("order").WithSeverity(DiagnosticSeverity.Info)), "TEST1");

    [Fact]
    public Task A_compiler_error_in_the_input_fails() => Refuses(Analyze("class Order : Missing { }"), "CS0246");

    [Fact]
    public Task A_compiler_error_can_be_expected() => Analyze("class Order : {|CS0246:Missing|} { }");

    [Fact]
    public Task Fixed_code_is_found_one_by_one_and_by_fix_all() =>
        Fix<ClassNamesFix>("class [|order|] { } class [|invoice|] { }", "class Order { } class Invoice { }");

    [Fact]
    public Task Other_fixed_code_fails_with_a_diff() =>
        Refuses(Fix<ClassNamesFix>("class [|order|] { }", "class ORDER { }"), "-class ORDER { }");

    [Fact]
    public Task A_fix_that_is_not_offered_fails() =>
        Refuses(Fix<EmptyCodeFixProvider>("class [|order|] { }", "class Order { }"), "class Order { }");

    [Fact]
    public Task A_fix_where_none_was_expected_fails() =>
        Refuses(Fix<ClassNamesFix>("class [|order|] { }", "class [|order|] { }"), "class Order { }");

    [Fact]
    public Task A_fix_that_changes_nothing_fails() =>
        Refuses(Fix<UselessFix>("class [|order|] { }", "class [|order|] { }"), "No code fixes were expected");

    [Fact]
    public Task A_fix_that_never_ends_fails() =>
        Refuses(Fix<EndlessFix>("class [|order|] { }", "class {|TEST1:orderx|} { }"), "orderx");

    [Fact]
    public Task Another_number_of_rounds_fails() => Refuses(
        Fix<ClassNamesFix>("class [|a|] { } class [|b|] { }", "class A { } class B { }", test => test.NumberOfFixAllIterations = 2), "iterations");

    [Fact]
    public Task A_compiler_error_in_the_fixed_code_fails() =>
        Refuses(Fix<ClassNamesFix>("class [|order|] { order Next; }", "class Order { order Next; }"), "CS0246");

    [Fact]
    public Task A_tree_that_its_text_does_not_parse_to_fails() =>
        Assert.ThrowsAsync<InvalidOperationException>(() => Fix<MalformedFix>("class [|order|] { } class B { }", "class A : B { } class B { }"));

    [Fact]
    public Task An_unknown_equivalence_key_fails() => Refuses(
        Fix<ClassNamesFix>("class [|order|] { }", "class Order { }", test => test.CodeActionEquivalenceKey = "other"), "class Order { }");

    [Fact]
    public Task Generated_code_is_compared() => Generate<Greeting>(("Greeting.g.cs", Greeting.Text));

    [Fact]
    public Task An_unexpected_generated_file_fails() => Refuses(Generate<Greeting>(), "Greeting.g.cs");

    [Fact]
    public Task A_missing_generated_file_fails() =>
        Refuses(Generate<Greeting>(("Greeting.g.cs", Greeting.Text), ("Other.g.cs", "")), "Other.g.cs");

    [Fact]
    public Task Other_generated_text_fails() => Refuses(Generate<Greeting>(("Greeting.g.cs", "class Farewell { }")), "Farewell");

    [Fact]
    public Task A_compiler_error_in_generated_code_fails() =>
        Refuses(Generate<BrokenGreeting>(("Greeting.g.cs", BrokenGreeting.Text)), "CS0246");
}
