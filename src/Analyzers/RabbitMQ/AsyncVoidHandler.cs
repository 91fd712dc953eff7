using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1009: an asynchronous handler where the client cannot wait for one, and an asynchronous consumer that is never run.</summary>
public sealed class AsyncVoidHandler : MessagingAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.AsyncVoidHandler,
        Rules.RabbitMqConsuming,
        "The client cannot wait for this handler",
        "{0}",
        "EventingBasicConsumer calls its handlers and goes on: an async handler returns at its first await, the next message is handled meanwhile, and an exception after that await ends the process. Use AsyncEventingBasicConsumer, "
        + "which waits, with DispatchConsumersAsync = true on the connection factory; without that its handlers never run at all.");

    /// <summary>Creates the rule.</summary>
    public AsyncVoidHandler()
        : base(Rule)
    {
    }

    internal override void Watch(RuleRegistration context, CompilationFlow flow)
    {
        if (flow.Types.RabbitMq6 is not { } client)
            return;

        context.RegisterOperationAction(operation => JudgeHandler((IEventAssignmentOperation)operation.Operation, client, flow, operation.ReportDiagnostic), OperationKind.EventAssignment);
        context.RegisterOperationAction(operation => JudgeConsumer((IObjectCreationOperation)operation.Operation, client, flow, operation.ReportDiagnostic), OperationKind.ObjectCreation);
    }

    private static void JudgeHandler(IEventAssignmentOperation subscription, RabbitMqTypes client, CompilationFlow flow, Action<Diagnostic> report)
    {
        if (!subscription.Adds || subscription.EventReference is not IEventReferenceOperation { Event: { Name: "Received", ContainingType.Name: "EventingBasicConsumer" } received, Instance: { } consumer }
            || !SymbolEqualityComparer.Default.Equals(received.ContainingAssembly, client.Assembly))
        {
            return;
        }

        var place = (subscription.HandlerValue.Unwrap() as IDelegateCreationOperation)?.Target switch
        {
            IAnonymousFunctionOperation { Symbol: { IsAsync: true, ReturnsVoid: true }, Syntax: AnonymousFunctionExpressionSyntax lambda } => lambda.AsyncKeyword.GetLocation(),
            IMethodReferenceOperation { Method: { IsAsync: true, ReturnsVoid: true } } method => method.Syntax.GetLocation(),
            _ => null,
        };
        if (place is null)
            return;

        var created = Tracer.At(consumer, ItsOrigin.Instance, flow).InOrder().Select(static one => one.Value).OfType<IObjectCreationOperation>().FirstOrDefault();
        var elsewhere = new[] { created?.Syntax.GetLocation(), created is null ? null : FactoryOf(created, flow)?.Syntax.GetLocation() }.OfType<Location>();
        Report(report, place, elsewhere, DiagnosticKeys.CauseWritten, "This handler is async on a consumer that does not wait for it: the next message is handled before this one is done, and an exception after the first await ends the process");
    }

    private static void JudgeConsumer(IObjectCreationOperation creation, RabbitMqTypes client, CompilationFlow flow, Action<Diagnostic> report)
    {
        if (creation.Type?.Name != "AsyncEventingBasicConsumer" || !SymbolEqualityComparer.Default.Equals(creation.Type.ContainingAssembly, client.Assembly) || Factory(creation, flow) is not { } factory)
            return;

        var verdict = flow.JudgeSetting(factory, new FactorySetting(flow, "DispatchConsumersAsync"), static value => value is null or false);
        if (verdict.Finding == Finding.Always && verdict.Cause.Site is { } site)
        {
            Report(
                report, creation.Syntax.GetLocation(), new[] { site.Syntax.GetLocation() }, verdict.Cause.Kind == OutcomeKind.Unset ? DiagnosticKeys.CauseUnset : DiagnosticKeys.CauseMissing,
                "'DispatchConsumersAsync' is not set on the connection factory: the handlers of an asynchronous consumer then never run, and its messages stay unacknowledged");
        }
    }

    /// <summary>The factory's variable behind the channel of a consumer, where all steps are in view.</summary>
    private static IOperation? Factory(IObjectCreationOperation consumer, CompilationFlow flow)
    {
        IOperation? step = consumer.Arguments.Length == 1 ? consumer.Arguments[0].Value : null;
        foreach (var made in new[] { "CreateModel", "CreateConnection" })
        {
            step = step is not null && Tracer.At(step, ItsOrigin.Instance, flow).InOrder().Where(static one => one.Value is not { ConstantValue: { HasValue: true, Value: null } } && one.Kind != OutcomeKind.Unset).ToList() is { Count: 1 } origins
                && origins[0].Value is IInvocationOperation call && call.TargetMethod.Name == made ? call.Receiver() : null;
        }

        return step;
    }

    private static IOperation? FactoryOf(IObjectCreationOperation consumer, CompilationFlow flow) =>
        Factory(consumer, flow) is { } factory && Tracer.At(factory, ItsOrigin.Instance, flow).InOrder() is { Length: 1 } origins ? origins[0].Value as IObjectCreationOperation : null;

    private static void Report(Action<Diagnostic> report, Location place, IEnumerable<Location> elsewhere, string cause, string says)
    {
        var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Client, DiagnosticKeys.ClientRabbitMq6).Add(DiagnosticKeys.Cause, cause);
        report(Diagnostic.Create(Rule, place, elsewhere, properties, says));
    }
}
