using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;
using Reliability.Analyzers.Options;

namespace Reliability.Analyzers.Configuration;

/// <summary>REL3002: settings in configuration files that lose messages as surely as the same settings in code.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LossyConfiguration : MessagingAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.LossyConfiguration,
        Rules.Consistency,
        "A configuration file says what loses messages",
        "'{0}' is {1}: {2}",
        "appsettings.json, librdkafka's .properties and RabbitMQ's definitions.json decide about acknowledgements, commits and durability as code does, and no compiler reads them. "
        + "The package hands them to this rule by itself; other files can be added as AdditionalFiles.");

    /// <summary>Creates the rule.</summary>
    public LossyConfiguration()
        : base(Rule)
    {
    }

    private protected override void Watch(CompilationStartAnalysisContext context, CompilationFlow flow) => context.RegisterAdditionalFileAction(file =>
    {
        foreach (var (setting, lost) in Judge(file.AdditionalFile, flow.Types, RuleOptions.For(file.AdditionalFile, file.Options), file.CancellationToken))
        {
            var lines = file.AdditionalFile.GetText(file.CancellationToken)!.Lines.GetLinePositionSpan(setting.Span);
            var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten).Add(DiagnosticKeys.Member, setting.Key);
            file.ReportDiagnostic(Diagnostic.Create(Rule, Location.Create(file.AdditionalFile.Path, setting.Span, lines), properties, setting.Key, setting.Value, lost));
        }
    });

    private static IEnumerable<(Setting Setting, string Lost)> Judge(AdditionalText file, MessagingTypes types, RuleOptions options, CancellationToken cancellation)
    {
        var name = Path.GetFileName(file.Path);
        if (file.GetText(cancellation) is not { } text)
            return Enumerable.Empty<(Setting, string)>();

        if (name.EndsWith(".properties", StringComparison.OrdinalIgnoreCase))
            return types.Kafka is null ? Enumerable.Empty<(Setting, string)>() : OfProperties(PropertiesSettings.Read(text).ToList());
        if (!name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return Enumerable.Empty<(Setting, string)>();

        var settings = JsonSettings.Read(text.ToString());
        if (name.IndexOf("definitions", StringComparison.OrdinalIgnoreCase) >= 0)
            return types.RabbitMq6 is null && types.RabbitMq7 is null ? Enumerable.Empty<(Setting, string)>() : LossySettings.OfDefinitions(settings, options);
        if (!name.StartsWith("appsettings", StringComparison.OrdinalIgnoreCase))
            return Enumerable.Empty<(Setting, string)>();

        var kafka = types.Kafka is null ? Enumerable.Empty<(Setting, string)>() : LossySettings.OfKafka(settings);
        return types.RabbitMq6 is null && types.RabbitMq7 is null ? kafka : kafka.Concat(LossySettings.OfRabbitMq(settings));
    }

    /// <summary>A file of properties is Kafka's if it names brokers, or any key that only librdkafka has.</summary>
    private static IEnumerable<(Setting Setting, string Lost)> OfProperties(IReadOnlyList<Setting> settings) =>
        LossySettings.OfKafka(settings, isAllKafkas: settings.Any(static one => one.Key is "bootstrap.servers" or "metadata.broker.list" or "group.id" or "enable.idempotence"));
}
