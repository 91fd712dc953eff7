using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2104: a record whose delivery nobody hears of.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnobservedDelivery : KafkaAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.UnobservedDelivery,
        Rules.KafkaProducing,
        "Nobody hears whether the record was delivered",
        "{0}: a record that no broker took (no leader, a full queue, a time-out) is dropped, and nobody is told",
        "Produce and ProduceAsync only put a record into the client's queue. Await ProduceAsync, or pass Produce a delivery handler that looks at Error; and leave EnableDeliveryReports on.");

    /// <summary>Creates the rule.</summary>
    public UnobservedDelivery()
        : base(Rule)
    {
    }

    private protected override void JudgeCall(KafkaUse use)
    {
        if (!use.IsOnProducer || IsTransactional(use))
            return;

        if (use.Name == "ProduceAsync" && use.Call.IsDropped())
            use.Report(use.Call.NameLocation(), DiagnosticKeys.CauseOmitted, null, Finding.Always, Enumerable.Empty<Location?>(), "The task of this ProduceAsync is dropped");
        else if (use.Name == "ProduceAsync" && ForgottenTasks.WhyForgotten(use.Call, use.Flow) is { } why)
            use.Report(use.Call.NameLocation(), DiagnosticKeys.CauseWritten, null, Finding.Always, Enumerable.Empty<Location?>(), $"The task of this ProduceAsync is {why}");
        else if (use.Name == "Produce" && use.Call.Argument("deliveryHandler") is { } handler && use.Flow.Judge(handler.Value, static value => value is null) is { Finding: Finding.Always })
            use.Report(use.Call.NameLocation(), DiagnosticKeys.CauseMissing, "deliveryHandler", Finding.Always, Enumerable.Empty<Location?>(), "This Produce has no delivery handler");
    }

    private protected override void JudgeBuilder(IObjectCreationOperation builder, KafkaUse use)
    {
        if (!use.Kafka.IsProducerBuilder(builder.Type) || builder.Argument("config")?.Value is not { } config)
            return;

        var verdict = use.Setting(config, KafkaKeys.EnableDeliveryReports, static value => value is null ? false : KafkaValues.Flag(value) is { } on ? !on : null);
        if (verdict.IsReported)
            use.Report(config, "EnableDeliveryReports", verdict, Rule.DefaultSeverity, $"'EnableDeliveryReports' {verdict.Is} false");
    }

    /// <summary>CommitTransaction throws when one of its records was not delivered.</summary>
    private static bool IsTransactional(KafkaUse use) => use.CodeAround().SelectMany(static body => body.KafkaCalls).Any(static one => one.TargetMethod.Name == "CommitTransaction");
}
