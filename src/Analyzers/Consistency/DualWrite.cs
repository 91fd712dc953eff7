using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;
using Reliability.Analyzers.Handlers;

namespace Reliability.Analyzers.Consistency;

/// <summary>REL3001: a method that writes to a database and to a broker, with nothing that keeps the two together.</summary>
public sealed class DualWrite : MessagingAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.DualWrite,
        Rules.Consistency,
        "The database and the broker are written one after the other",
        "'{0}' publishes, and '{1}' commits to a database, one after the other: when the process stops in between, one has happened and the other never will",
        "No transaction spans a database and a broker. Write the message to an outbox table in the same transaction as the data, and let a relay publish it: then both happen, or neither.");

    /// <summary>Creates the rule.</summary>
    public DualWrite()
        : base(Rule)
    {
    }

    internal override void Watch(RuleRegistration context, CompilationFlow flow) => context.RegisterOperationAction(
        operation =>
        {
            var call = (IInvocationOperation)operation.Operation;
            if (flow.Writes.Is(call))
                Judge(call, flow, operation.ReportDiagnostic);
        },
        OperationKind.Invocation);

    private static void Judge(IInvocationOperation write, CompilationFlow flow, Action<Diagnostic> report)
    {
        var body = flow.BodyAround(write);
        var function = write.Function();
        var calls = function.Descendants().OfType<IInvocationOperation>().ToList();

        // One report for a method, however often it writes.
        if (calls.FirstOrDefault(IsWrite) is not { } first || !ReferenceEquals(first, write) || IsRelay(body))
            return;

        if (calls.FirstOrDefault(call => flow.Publications.Publishes(call) && !flow.Writes.Is(call)) is not { } publish || publish.IsOnlyDescribed() || IsHandlersOwn(publish))
            return;

        // A method that does both is reported where it does.
        bool IsWrite(IInvocationOperation call) => flow.Writes.Is(call) && !flow.Publications.Publishes(call);

        var client = flow.Types.ClientOf(publish.TargetMethod)?.Key ?? (flow.Types.Kafka?.Declares(publish.TargetMethod) == true ? DiagnosticKeys.ClientKafka : null);
        var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten);
        if (client is not null)
            properties = properties.Add(DiagnosticKeys.Client, client);
        report(Diagnostic.Create(Rule, publish.NameLocation(), new[] { write.Syntax.GetLocation() }, properties, publish.TargetMethod.Name, write.TargetMethod.Name));
    }

    /// <summary>Whether a handler of this project's runtime publishes by a client itself: another rule reports that, and says what to do there.</summary>
    private static bool IsHandlersOwn(IInvocationOperation publish)
    {
        if (publish.SemanticModel is not { } model || HandlerTypes.Of(model.Compilation) is not { } types || publish.TargetMethod.ContainingAssembly?.Name is not ("RabbitMQ.Client" or "Confluent.Kafka"))
            return false;

        var around = model.GetEnclosingSymbol(publish.Syntax.SpanStart);
        while (around is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction })
            around = around.ContainingSymbol;
        return around is IMethodSymbol method && types.IsHandler(method);
    }

    /// <summary>Whether code is what publishes an outbox: it must publish first and write after.</summary>
    private static bool IsRelay(Body body) => body.Root.Syntax.AncestorsAndSelf().OfType<Microsoft.CodeAnalysis.CSharp.Syntax.BaseTypeDeclarationSyntax>().Select(static type => type.Identifier.Text)
        .Concat(body.Symbols.Select(static symbol => symbol.Name))
        .Any(static name => name.IndexOf("outbox", StringComparison.OrdinalIgnoreCase) >= 0 || name.IndexOf("relay", StringComparison.OrdinalIgnoreCase) >= 0);
}
