using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Reliability.Tests;

/// <summary>Code in an editor is broken most of the time: no rule may throw on it, and none may speak where there is no client.</summary>
public sealed class RobustnessTests
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> AllRules = Project.AllRules;

    private static readonly ConcurrentDictionary<(Client Client, bool IsProgram), CSharpCompilation> Empty = new();

    public static TheoryData<Client, string> Files => new()
    {
        { Client.RabbitMq6, "RabbitMq6Shop.txt" },
        { Client.RabbitMq7, "RabbitMq7Shop.txt" },
        { Client.Kafka2, "KafkaShop.txt" },
        { Client.Kafka1, "KafkaShop.txt" },
        { Client.RabbitMq7, "HalfTyped.txt" },
        { Client.Handlers, "Handlers.txt" },
    };

    public static TheoryData<string, string> ConfigurationFiles => new()
    {
        { "appsettings.json", """{ /* c */ "Kafka": { "BootstrapServers": "b", "Acks": "None", "Topics": [ { "min.insync.replicas": "1" }, -1.5e3, null ], }, // d""" + "\n\"AutomaticRecoveryEnabled\": false, \"a\\\"b\": [[[{}]]] }" },
        { "definitions.json", """{ "queues": [ { "name": "q", "durable": false, "auto_delete": true, "arguments": { "x": { "y": [] } } } ], "exchanges": [ { "name": "", "durable": false } ] }""" },
        { "kafka.properties", "# c\r\nbootstrap.servers = b\n  acks=1\n!d\nenable.auto.commit : true\nempty=\n=x\n" },
        { ".editorconfig", "root = true\n[*.cs\nreliability_required_confirms = awaited # c\nreliability_transient_queues = a||*\nreliability_ = \nRELIABILITY_ACK_METHODS: a.b|c\n" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task No_rule_throws_on_any_prefix_of_a_file(Client client, string file)
    {
        var source = Read(file);
        // Inside a word a prefix is the same broken code with another name; after one it is what the parser has to guess about.
        var ends = Enumerable.Range(1, source.Length).Where(end => end == source.Length || (char.IsPunctuation(source[end]) && source[end] is not '"' and not '_')).ToList();
        await Parallel.ForEachAsync(ends, TestContext.Current.CancellationToken, async (end, cancellation) => await AnalyzeAsync(client, source[..end], cancellation));
    }

    [Theory]
    [InlineData(Client.RabbitMq7, "HalfTyped.txt")]
    [InlineData(Client.Handlers, "Handlers.txt")]
    public async Task No_rule_throws_while_a_file_is_typed_character_by_character(Client client, string file)
    {
        var source = Read(file);
        // One more blank is the same code.
        var ends = Enumerable.Range(1, source.Length).Where(end => end == 1 || !char.IsWhiteSpace(source[end - 1]) || !char.IsWhiteSpace(source[end - 2]));
        await Parallel.ForEachAsync(ends, TestContext.Current.CancellationToken, async (end, cancellation) => await AnalyzeAsync(client, source[..end], cancellation));
    }

    [Theory]
    [InlineData(Client.RabbitMq6, "RabbitMq6Shop.txt")]
    [InlineData(Client.RabbitMq7, "RabbitMq7Shop.txt")]
    [InlineData(Client.Kafka2, "KafkaShop.txt")]
    public async Task No_rule_throws_after_any_token_of_a_large_file(Client client, string file)
    {
        // The file breaks off at each of its tokens, with a whole file of the same code, and so the same names, behind it.
        var source = Read(file);
        var ends = (await CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken).GetRootAsync(TestContext.Current.CancellationToken)).DescendantTokens().Select(token => token.Span.End).Distinct().ToList();
        await Parallel.ForEachAsync(ends, TestContext.Current.CancellationToken, async (end, cancellation) => await AnalyzeAsync(client, source[..end], cancellation, source));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task No_rule_throws_when_tokens_are_doubled_moved_or_of_another_place(Client client, string file)
    {
        var tree = CSharpSyntaxTree.ParseText(Read(file), cancellationToken: TestContext.Current.CancellationToken);
        var tokens = (await tree.GetRootAsync(TestContext.Current.CancellationToken)).DescendantTokens().Select(token => token.ToFullString()).ToList();
        var random = new Random(20261122);
        var damaged = Enumerable.Range(0, 100).Select(_ => string.Concat(tokens.Select((token, at) => random.Next(60) switch
        {
            0 => token + token,
            1 => tokens[random.Next(tokens.Count)],
            2 => tokens[Math.Max(at - 1, 0)],
            _ => token,
        }))).ToList();
        await Parallel.ForEachAsync(damaged, TestContext.Current.CancellationToken, async (source, cancellation) => await AnalyzeAsync(client, source, cancellation));
    }

    [Theory]
    [MemberData(nameof(ConfigurationFiles))]
    public async Task No_rule_throws_on_any_prefix_or_damage_of_a_configuration_file(string name, string text)
    {
        var random = new Random(20261123);
        var damaged = Enumerable.Range(0, text.Length + 1).Select(end => text[..end])
            .Concat(Enumerable.Range(0, 200).Select(_ => string.Concat(text.Where(_ => random.Next(12) > 0))));
        foreach (var broken in damaged)
        {
            var options = new AnalyzerOptions([new FileInMemory("/0/" + name, broken)]);
            var thrown = new List<string>();
            var compilation = Compile("class C { }", name.StartsWith('d') ? Client.RabbitMq6 : Client.Kafka2);
            await compilation.WithAnalyzers(AllRules, new CompilationWithAnalyzersOptions(options, (exception, rule, _) => thrown.Add($"{rule.GetType().Name}: {exception}"), false, false))
                .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
            Assert.True(thrown.Count == 0, $"A rule threw on {broken}: {thrown.FirstOrDefault()}");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task No_rule_throws_when_tokens_are_missing(Client client, string file)
    {
        var tree = CSharpSyntaxTree.ParseText(Read(file), cancellationToken: TestContext.Current.CancellationToken);
        var tokens = (await tree.GetRootAsync(TestContext.Current.CancellationToken)).DescendantTokens().ToList();
        var random = new Random(20261121);
        var damaged = Enumerable.Range(0, 100).Select(_ => string.Concat(tokens.Where(_ => random.Next(40) > 0).Select(token => token.ToFullString()))).ToList();
        await Parallel.ForEachAsync(damaged, TestContext.Current.CancellationToken, async (source, cancellation) => await AnalyzeAsync(client, source, cancellation));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_whole_files_compile_and_are_reported(Client client, string file)
    {
        var compilation = Compile(Read(file), client);
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(one => one.Severity == DiagnosticSeverity.Error));
        Assert.NotEmpty(await AnalyzeAsync(client, Read(file), TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Without_a_client_nothing_is_reported(Client client, string file)
    {
        Assert.NotEqual(Client.None, client);
        Assert.Empty(await AnalyzeAsync(Client.None, Read(file), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_a_client_nothing_is_registered()
    {
        var compilation = Compile("class C { void M() => System.Console.WriteLine(); }", Client.None);
        var analysis = compilation.WithAnalyzers(AllRules, new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), null, true, logAnalyzerExecutionTime: true));
        await analysis.GetAllDiagnosticsAsync(TestContext.Current.CancellationToken);
        foreach (var rule in AllRules)
        {
            var telemetry = await analysis.GetAnalyzerTelemetryInfoAsync(rule, TestContext.Current.CancellationToken);
            Assert.Equal(1, telemetry.CompilationStartActionsCount);
            Assert.Equal(0, telemetry.OperationActionsCount + telemetry.SyntaxNodeActionsCount + telemetry.SymbolActionsCount + telemetry.CompilationEndActionsCount);
        }
    }

    [Fact]
    public async Task Both_majors_in_one_project_are_told_apart_by_their_aliases()
    {
        const string code = """
            extern alias six; extern alias seven;
            class C
            {
                void Six(six::RabbitMQ.Client.IModel channel) => channel.BasicGet("q", true);
                System.Threading.Tasks.Task Seven(seven::RabbitMQ.Client.IChannel channel) => channel.BasicGetAsync("q", true);
            }
            """;
        var aliased = ClientReferences.For(Client.RabbitMq6, Client.RabbitMq7).Select(reference => Path.GetFileName(reference.Display) == "RabbitMQ.Client.dll"
            ? reference.WithAliases([reference.Display!.Contains("netstandard", StringComparison.Ordinal) ? "six" : "seven"])
            : reference);
        var compilation = CSharpCompilation.Create(
            "Both", [CSharpSyntaxTree.ParseText(code, cancellationToken: TestContext.Current.CancellationToken)], aliased, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(one => one.Severity == DiagnosticSeverity.Error));
        var reported = await compilation.WithAnalyzers(AllRules).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["rabbitmq6", "rabbitmq7"], reported.OrderBy(one => one.Location.SourceSpan.Start).Select(one => one.Properties["client"]));
    }

    private static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Client client, string source, CancellationToken cancellation, params string[] others)
    {
        var thrown = new List<string>();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (exception, rule, _) => thrown.Add($"{rule.GetType().Name}: {exception}"), concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        var compilation = Compile(source, client).AddSyntaxTrees(others.Select(other => CSharpSyntaxTree.ParseText(other, cancellationToken: cancellation)));
        var reported = await compilation.WithAnalyzers(AllRules, options).GetAnalyzerDiagnosticsAsync(cancellation);
        Assert.True(thrown.Count == 0, $"A rule threw on the first {source.Length} characters: {thrown.FirstOrDefault()}");
        return reported;
    }

    /// <summary>Compilations made from one another share what they know of their references.</summary>
    private static CSharpCompilation Compile(string source, Client client)
    {
        var isProgram = source.Contains("await app.", StringComparison.Ordinal);
        var empty = Empty.GetOrAdd((client, isProgram), static key => CSharpCompilation.Create(
            "Shop", [], ClientReferences.For(key.Client), new CSharpCompilationOptions(key.IsProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary)));
        return empty.AddSyntaxTrees(CSharpSyntaxTree.ParseText(source));
    }

    private sealed class FileInMemory(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Code", file));
}
