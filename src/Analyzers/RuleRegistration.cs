using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;
using Reliability.Analyzers.Options;
using Reliability.Analyzers.RabbitMQ;

namespace Reliability.Analyzers;

/// <summary>
/// What the rules of one compilation look at. The compiler calls once for each operation, and this asks the rules in turn: called for each rule by itself,
/// it would spend more on the calls than the rules do, as most operations have nothing to do with a client. A call on a client is looked up once for all rules.
/// </summary>
internal sealed class RuleRegistration
{
    private readonly CompilationStartAnalysisContext _start;
    private readonly CompilationFlow _flow;
    private readonly Dictionary<OperationKind, List<Action<OperationAnalysisContext>>> _operations = new();
    private readonly List<Action<ChannelCall>> _channelCalls = new();
    private readonly List<Action<ChannelCall>> _ownAcks = new();
    private readonly List<Action<IInvocationOperation, RuleOptions, Action<Diagnostic>>> _kafkaCalls = new();
    private readonly List<Action<IInvocationOperation, RuleOptions, Action<Diagnostic>>> _ownCommits = new();

    private RuleRegistration(CompilationStartAnalysisContext start, CompilationFlow flow)
    {
        _start = start;
        _flow = flow;
    }

    /// <summary>Registers some rules for a compilation, unless it references no client.</summary>
    public static void Start(CompilationStartAnalysisContext start, ImmutableArray<MessagingAnalyzer> rules)
    {
        if (CompilationFlow.Of(start.Compilation) is not { } flow)
            return;

        var registration = new RuleRegistration(start, flow);
        foreach (var rule in rules)
        {
            if (!IsOff(rule.SupportedDiagnostics[0].Id, start.Compilation, start.CancellationToken))
                rule.Watch(registration, flow);
        }

        registration.Register();
    }

    /// <summary>Looks at each operation of some kinds.</summary>
    public void RegisterOperationAction(Action<OperationAnalysisContext> action, params OperationKind[] kinds)
    {
        foreach (var kind in kinds)
        {
            if (!_operations.TryGetValue(kind, out var actions))
                _operations.Add(kind, actions = new List<Action<OperationAnalysisContext>>());
            actions.Add(action);
        }
    }

    public Compilation Compilation => _start.Compilation;

    public AnalyzerOptions Options => _start.Options;

    /// <summary>Looks at each call on a RabbitMQ client that is really made.</summary>
    /// <param name="action">What looks at it.</param>
    /// <param name="hasOwnAcks">Whether it looks at the methods as well that the project names as its own acknowledgements.</param>
    public void RegisterChannelCall(Action<ChannelCall> action, bool hasOwnAcks)
    {
        _channelCalls.Add(action);
        if (hasOwnAcks)
            _ownAcks.Add(action);
    }

    /// <summary>Looks at each call on a Kafka client that is really made.</summary>
    /// <param name="action">What looks at it.</param>
    /// <param name="hasOwnCommits">Whether it looks at the methods as well that the project names as its own commits.</param>
    public void RegisterKafkaCall(Action<IInvocationOperation, RuleOptions, Action<Diagnostic>> action, bool hasOwnCommits)
    {
        _kafkaCalls.Add(action);
        if (hasOwnCommits)
            _ownCommits.Add(action);
    }

    /// <summary>Looks at each file that is not code.</summary>
    public void RegisterAdditionalFileAction(Action<AdditionalFileAnalysisContext> action) => _start.RegisterAdditionalFileAction(action);

    /// <summary>Looks at each file of code.</summary>
    public void RegisterSyntaxTreeAction(Action<SyntaxTreeAnalysisContext> action) => _start.RegisterSyntaxTreeAction(action);

    private void Register()
    {
        if (_channelCalls.Count > 0 || _kafkaCalls.Count > 0)
            RegisterOperationAction(JudgeCall, OperationKind.Invocation);

        foreach (var kind in _operations.Keys)
        {
            var actions = _operations[kind].ToArray();
            _start.RegisterOperationAction(
                operation =>
                {
                    foreach (var action in actions)
                        action(operation);
                },
                kind);
        }
    }

    private void JudgeCall(OperationAnalysisContext operation)
    {
        var call = (IInvocationOperation)operation.Operation;
        if (_flow.Types.ClientOf(call.TargetMethod) is { } client)
            JudgeChannelCall(call, client.VerbOf(call), client, _channelCalls, operation);
        else if (_flow.Types.Kafka?.Declares(call.TargetMethod) == true)
            JudgeKafkaCall(call, _kafkaCalls, operation);
        else if (_ownAcks.Count > 0 || _ownCommits.Count > 0)
            JudgeOwnCall(call, operation);
    }

    private void JudgeOwnCall(IInvocationOperation call, OperationAnalysisContext operation)
    {
        var options = RuleOptions.For(call.Syntax.SyntaxTree, operation.Options);
        if (options.AckMethods.Contains(call.TargetMethod) && (_flow.Types.RabbitMq7 ?? _flow.Types.RabbitMq6) is { } client)
            JudgeChannelCall(call, ChannelVerb.Ack, client, _ownAcks, operation);
        if (options.CommitMethods.Contains(call.TargetMethod))
            JudgeKafkaCall(call, _ownCommits, operation);
    }

    private void JudgeChannelCall(IInvocationOperation call, ChannelVerb verb, RabbitMqTypes client, List<Action<ChannelCall>> rules, OperationAnalysisContext operation)
    {
        if (verb == ChannelVerb.Other || call.IsOnlyDescribed())
            return;

        var channelCall = new ChannelCall(call, verb, client, _flow, RuleOptions.For(call.Syntax.SyntaxTree, operation.Options), operation.ReportDiagnostic);
        foreach (var judge in rules)
            judge(channelCall);
    }

    private static void JudgeKafkaCall(
        IInvocationOperation call, List<Action<IInvocationOperation, RuleOptions, Action<Diagnostic>>> rules, OperationAnalysisContext operation)
    {
        if (call.IsOnlyDescribed())
            return;

        var options = RuleOptions.For(call.Syntax.SyntaxTree, operation.Options);
        Action<Diagnostic> report = operation.ReportDiagnostic;
        foreach (var judge in rules)
            judge(call, options, report);
    }

    /// <summary>Whether a rule is turned off for all files: by <c>NoWarn</c>, or by a global configuration that no file's own contradicts.</summary>
    private static bool IsOff(string id, Compilation compilation, CancellationToken cancellation)
    {
        if (compilation.Options.SpecificDiagnosticOptions.TryGetValue(id, out var specific) && specific == ReportDiagnostic.Suppress)
            return true;

        return compilation.Options.SyntaxTreeOptionsProvider is { } options
            && options.TryGetGlobalDiagnosticValue(id, cancellation, out var severity) && severity == ReportDiagnostic.Suppress
            && compilation.SyntaxTrees.All(tree => !options.TryGetDiagnosticValue(tree, id, cancellation, out var own) || own == ReportDiagnostic.Suppress);
    }
}
