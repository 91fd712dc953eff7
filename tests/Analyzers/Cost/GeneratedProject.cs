using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Reliability.Tests.Cost;

/// <summary>Compilations to measure analysis on: made in code, the same in every run.</summary>
internal sealed class GeneratedProject
{
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest);

    /// <summary>What the SDK turns off in every project: references to other versions of the framework's assemblies.</summary>
    private static readonly Dictionary<string, ReportDiagnostic> LikeAnyBuild = new() { ["CS1701"] = ReportDiagnostic.Suppress, ["CS1702"] = ReportDiagnostic.Suppress };

    private readonly ImmutableArray<SourceText> _files;
    private readonly CSharpCompilation _empty;

    private GeneratedProject(string name, IEnumerable<string> files, params Client[] clients)
    {
        Name = name;
        _files = [.. files.Select(file => SourceText.From(file, Encoding.UTF8))];
        _empty = CSharpCompilation.Create(
            "Shop",
            [],
            ClientReferences.For(clients),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, concurrentBuild: false, specificDiagnosticOptions: LikeAnyBuild));
    }

    public string Name { get; }

    /// <summary>A new compilation of freshly parsed files, of which nothing has been bound yet.</summary>
    public CSharpCompilation Compile() => _empty.Clone().AddSyntaxTrees(_files.Select((file, index) => SyntaxFactory.ParseSyntaxTree(file, Parsing, $"/shop/File{index}.cs")));

    /// <summary>Files of a shop, of which every so many talk to a broker: in turn a RabbitMQ publisher, a Kafka producer, a RabbitMQ consumer and a Kafka consumer.</summary>
    /// <param name="files">How many files there are.</param>
    /// <param name="every">Every which of them talks to a broker; 0: none, and no client is referenced.</param>
    public static GeneratedProject Shop(int files, int every) => new(
        every switch { 0 => "client absent", 1 => "a client in every file", _ => $"a client in one file of {every}" },
        Enumerable.Range(0, files).Select(file => every == 0 || file % every != 0 ? ShopCode.Business(file) : (file / every % 4) switch
        {
            0 => ShopCode.RabbitMqPublisher(file),
            1 => ShopCode.KafkaProducer(file),
            2 => ShopCode.RabbitMqConsumer(file),
            _ => ShopCode.KafkaConsumer(file),
        }),
        every == 0 ? [] : [Client.RabbitMq7, Client.Kafka2]);

    /// <summary>One method with so many call sites of a client.</summary>
    public static GeneratedProject CallSites(Client client, int sites) => new($"{sites} call sites", [LongMethods.CallSites(client, sites)], client);

    /// <summary>One method with so many branches.</summary>
    public static GeneratedProject Branches(Client client, int branches) => new($"{branches} branches", [LongMethods.Branches(client, branches)], client);
}
