using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers.Configuration;
using Reliability.Analyzers.Consistency;
using Reliability.Analyzers.Kafka;
using Reliability.Analyzers.Options;
using Reliability.Analyzers.RabbitMQ;

namespace Reliability.Analyzers;

/// <summary>All rules about messaging clients, as one analyzer: they share what they find out, and the compiler has one to call.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MessagingRules : DiagnosticAnalyzer
{
    private static readonly ImmutableArray<MessagingAnalyzer> All = ImmutableArray.Create<MessagingAnalyzer>(
        new WrongOption(),
        new AutoAck(),
        new AckBeforeProcessing(),
        new NeverSettled(),
        new AckMultiple(),
        new UnboundedRequeue(),
        new RejectedWithoutDeadLetter(),
        new UnboundedPrefetch(),
        new SwallowedFailure(),
        new AsyncVoidHandler(),
        new BodyOutlivesHandler(),
        new NonDurableExchange(),
        new NonDurableQueue(),
        new ConnectionBoundQueue(),
        new LossyQueueArguments(),
        new UnreplicatedQueue(),
        new DroppedAfterRedeliveries(),
        new SelfDeadLetter(),
        new TransientMessage(),
        new MissingConfirms(),
        new UnobservedConfirm(),
        new Unroutable(),
        new TransactionalChannel(),
        new SharedChannel(),
        new NoMessageId(),
        new RecoveryOff(),
        new RetryCountedInXDeath(),
        new AutoCommit(),
        new CommitBeforeProcessing(),
        new NeverCommits(),
        new BufferedBeforeCommit(),
        new SwallowedRecord(),
        new OffsetReset(),
        new NotClosed(),
        new StoreWithAutoStore(),
        new AcksNotAll(),
        new IdempotenceOff(),
        new RetriesLimited(),
        new UnobservedDelivery(),
        new NotFlushed(),
        new DeliveryErrorIgnored(),
        new MayReorder(),
        new ReplicationFactor(),
        new MinInSyncReplicas(),
        new UncleanElection(),
        new DualWrite(),
        new LossyConfiguration());

    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = All.SelectMany(static rule => rule.SupportedDiagnostics).ToImmutableArray();

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start => RuleRegistration.Start(start, All));
    }
}
