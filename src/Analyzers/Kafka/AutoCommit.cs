using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2001: a consumer whose offsets move on a timer, whatever became of the records.</summary>
public sealed class AutoCommit : MessagingAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.AutoCommit,
        Rules.KafkaConsuming,
        "Offsets are committed before the records are processed",
        "{0}: the client stores each offset as it hands the record out and commits it every five seconds and on Close, so a record whose processing fails or is cut off is never read again",
        "With automatic commit and automatic offset store an offset moves because Consume returned it, not because its work was done. "
        + "Set EnableAutoCommit = false and commit after the work, or set EnableAutoOffsetStore = false and call StoreOffset after the work.");

    /// <summary>Creates the rule.</summary>
    public AutoCommit()
        : base(Rule)
    {
    }

    internal override void Watch(RuleRegistration context, CompilationFlow flow)
    {
        if (flow.Types.Kafka is not { } kafka)
            return;

        context.RegisterOperationAction(
            operation =>
            {
                if (operation.Operation is IObjectCreationOperation { Arguments: { Length: > 0 } } creation && kafka.IsConsumerBuilder(creation.Type))
                    Judge(creation, flow, operation.ReportDiagnostic);
            },
            OperationKind.ObjectCreation);
    }

    private static void Judge(IObjectCreationOperation builder, CompilationFlow flow, Action<Diagnostic> report)
    {
        if (builder.Argument("config") is not { } config)
            return;

        var commit = Look(config.Value, KafkaKeys.EnableAutoCommit, flow);
        if (!commit.IsReported)
            return;

        // Storing offsets by hand after the work makes the timer harmless; so does a store setting that cannot be known.
        var store = Look(config.Value, KafkaKeys.EnableAutoOffsetStore, flow);
        if (!store.IsReported)
            return;

        var always = commit.Finding == Finding.Always && store.Finding == Finding.Always;
        var unset = commit.Cause.Kind == OutcomeKind.Unset;
        var properties = ImmutableDictionary<string, string?>.Empty
            .Add(DiagnosticKeys.Client, DiagnosticKeys.ClientKafka)
            .Add(DiagnosticKeys.Cause, unset ? DiagnosticKeys.CauseUnset : DiagnosticKeys.CauseWritten)
            .Add(DiagnosticKeys.Member, "EnableAutoCommit");
        if (!always)
            properties = properties.Add(DiagnosticKeys.Sometimes, "true");

        var says = (unset, always) switch
        {
            (true, true) => "'EnableAutoCommit' is never set and defaults to true",
            (true, false) => "'EnableAutoCommit' is not set on every path and defaults to true",
            (false, true) => "'EnableAutoCommit' is true",
            _ => "'EnableAutoCommit' may be true",
        };
        var elsewhere = commit.Cause.Site is { } site ? new[] { site.Syntax.GetLocation() } : Array.Empty<Location>();
        report(Diagnostic.Create(Rule, config.Value.Syntax.GetLocation(), elsewhere, properties, says));
    }

    private static Verdict Look(IOperation config, string key, CompilationFlow flow) => flow.JudgeSetting(config, new KafkaSetting(flow, key), IsOn);

    /// <summary>Both settings default to true.</summary>
    private static bool? IsOn(object? value) => value switch
    {
        null => true,
        bool flag => flag,
        string text when IsWord(text, "true", "t", "1") => true,
        string text when IsWord(text, "false", "f", "0") => false,
        _ => null,
    };

    private static bool IsWord(string text, params string[] words) => words.Contains(text, StringComparer.OrdinalIgnoreCase);
}
