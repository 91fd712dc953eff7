using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;
using Reliability.Analyzers.Options;

namespace Reliability.Analyzers.Kafka;

/// <summary>A rule about calls on Kafka clients, and about what their builders are given.</summary>
public abstract class KafkaAnalyzer : MessagingAnalyzer
{
    private protected KafkaAnalyzer(DiagnosticDescriptor descriptor)
        : base(descriptor)
    {
    }

    private protected sealed override void Watch(CompilationStartAnalysisContext context, CompilationFlow flow)
    {
        if (flow.Types.Kafka is not { } kafka)
            return;

        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                var options = RuleOptions.For(call.Syntax.SyntaxTree, operation.Options);
                if ((kafka.Declares(call.TargetMethod) || options.CommitMethods.Contains(call.TargetMethod)) && !call.IsOnlyDescribed())
                    JudgeCall(new KafkaUse(call, kafka, flow, options, SupportedDiagnostics[0], operation.ReportDiagnostic));
            },
            OperationKind.Invocation);
        context.RegisterOperationAction(
            operation =>
            {
                var creation = (IObjectCreationOperation)operation.Operation;
                if (kafka.IsConsumerBuilder(creation.Type) || kafka.IsProducerBuilder(creation.Type))
                    JudgeBuilder(creation, new KafkaUse(creation, kafka, flow, RuleOptions.For(creation.Syntax.SyntaxTree, operation.Options), SupportedDiagnostics[0], operation.ReportDiagnostic));
            },
            OperationKind.ObjectCreation);
    }

    /// <summary>Looks at a call on a consumer, a producer or a builder.</summary>
    private protected virtual void JudgeCall(KafkaUse use)
    {
    }

    /// <summary>Looks at a builder where it is made.</summary>
    private protected virtual void JudgeBuilder(IObjectCreationOperation builder, KafkaUse use)
    {
    }
}

/// <summary>One call or creation, as a rule sees it.</summary>
internal sealed class KafkaUse(IOperation site, KafkaTypes kafka, CompilationFlow flow, RuleOptions options, DiagnosticDescriptor rule, Action<Diagnostic> report)
{
    public IInvocationOperation Call => (IInvocationOperation)site;

    public KafkaTypes Kafka { get; } = kafka;

    public CompilationFlow Flow { get; } = flow;

    public RuleOptions Options { get; } = options;

    public string Name => Call.TargetMethod.Name;

    public bool IsOnConsumer => KafkaTypes.IsConsumer(Call.TargetMethod);

    /// <summary>Whether this moves an offset: by the client's <c>Commit</c> or <c>StoreOffset</c>, or by a method that the project names as its own commit.</summary>
    public bool MovesOffset => (Name is "Commit" or "StoreOffset" && IsOnConsumer) || Options.CommitMethods.Contains(Call.TargetMethod);

    public bool IsOnProducer => KafkaTypes.IsProducer(Call.TargetMethod);

    /// <summary>The configuration that a builder, or the client that it builds, is given; null where that is out of view.</summary>
    public IOperation? ConfigOf(IInvocationOperation build)
    {
        var builder = build.Receiver();
        while (builder?.Unwrap() is IInvocationOperation set && Kafka.Declares(set.TargetMethod))
            builder = set.Receiver();

        return builder is not null && Tracer.At(builder, ItsOrigin.Instance, Flow) is { IsKnown: true } origins && origins.InOrder() is { Length: 1 } one
            ? (one[0].Value as IObjectCreationOperation)?.Argument("config")?.Value
            : null;
    }

    /// <summary>Judges a setting; <paramref name="isWrong"/> gets a null for one that was never set, and answers null for what it cannot read.</summary>
    public Verdict Setting(IOperation config, string key, Func<object?, bool?> isWrong) => Flow.JudgeSetting(config, new KafkaSetting(Flow, key), isWrong);

    public bool IsSet(IOperation config, string key) => Setting(config, key, static value => value is null) is { IsReported: false };

    /// <summary>All code of the type (or program) around.</summary>
    public IEnumerable<Body> CodeAround()
    {
        var type = site.SemanticModel?.GetEnclosingSymbol(site.Syntax.SpanStart)?.ContainingType;
        return type is null ? new[] { Flow.BodyAround(site) } : Flow.BodiesOf(type).All;
    }

    public void Report(Location place, string cause, string? member, Finding finding, IEnumerable<Location?> elsewhere, DiagnosticSeverity severity, params object[] arguments)
    {
        var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Client, DiagnosticKeys.ClientKafka).Add(DiagnosticKeys.Cause, cause);
        if (member is not null)
            properties = properties.Add(DiagnosticKeys.Member, member);
        if (finding == Finding.Sometimes)
            properties = properties.Add(DiagnosticKeys.Sometimes, "true");
        report(Diagnostic.Create(rule, place, severity, elsewhere.OfType<Location>(), properties, arguments));
    }

    public void Report(Location place, string cause, string? member, Finding finding, IEnumerable<Location?> elsewhere, params object[] arguments) =>
        Report(place, cause, member, finding, elsewhere, rule.DefaultSeverity, arguments);

    /// <summary>Reports a setting of a builder's configuration.</summary>
    public void Report(IOperation config, string member, Verdict verdict, DiagnosticSeverity severity, params object[] arguments) => Report(
        config.Syntax.GetLocation(), verdict.Cause.Kind == OutcomeKind.Unset ? DiagnosticKeys.CauseUnset : DiagnosticKeys.CauseWritten, member, verdict.Finding,
        new[] { verdict.Cause.Site?.Syntax.GetLocation() }, severity, arguments);
}

/// <summary>Values as librdkafka reads them.</summary>
internal static class KafkaValues
{
    public static bool? Flag(object? value) => value switch
    {
        bool flag => flag,
        string text when text.Equals("true", StringComparison.OrdinalIgnoreCase) || text is "1" || text.Equals("t", StringComparison.OrdinalIgnoreCase) => true,
        string text when text.Equals("false", StringComparison.OrdinalIgnoreCase) || text is "0" || text.Equals("f", StringComparison.OrdinalIgnoreCase) => false,
        _ => null,
    };

    public static long? Number(object? value) => value switch
    {
        int number => number,
        short number => number,
        long number => number,
        string text when long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
