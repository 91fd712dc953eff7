using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1002: a message that is acknowledged before its work is done.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AckBeforeProcessing : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.AckBeforeProcessing,
        Rules.RabbitMqConsuming,
        "The message is acknowledged before its work is done",
        "The message is acknowledged before '{0}' has run: when that fails, or the process stops in between, the broker has forgotten the message and its work is never done",
        "An ack tells the broker to forget the message. Whatever runs after it has no second try. Acknowledge as the last step, when everything that the message asks for has been done.");

    /// <summary>Creates the rule.</summary>
    public AckBeforeProcessing()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.Ack || Settlement.Of(call.Invocation, call.Flow) is not { } settlement || FirstWorkAfter(settlement, call.Flow) is not { } work)
            return;

        call.Report(Rule, call.Invocation.NameLocation(), DiagnosticKeys.CauseWritten, null, Finding.Always, new[] { work.Syntax.GetLocation() }, work.TargetMethod.Name);
    }

    /// <summary>The first call on the delivery's data that some path reaches after the ack and before the next delivery.</summary>
    private static IInvocationOperation? FirstWorkAfter(Settlement settlement, CompilationFlow flow)
    {
        var data = settlement.Data();
        var work = Work.In(settlement.Function, flow)
            .Where(one => !ReferenceEquals(one, settlement.Call) && ReferenceEquals(one.Function(), settlement.Function) && Settlement.Mentions(one, data) && !OnlyHandlesFailedAck(one, settlement.Call))
            .ToList();
        if (work.Count == 0)
            return null;

        var effects = new Dictionary<IOperation, Func<Outcomes, Outcomes>> { [settlement.Call] = _ => Outcomes.Set(settlement.Call, settlement.Call) };
        if (settlement.Delivery is ILocalSymbol)
        {
            // A loop goes on with another message.
            var fetched = settlement.Body.References(settlement.Delivery).Select(Use.Of).Where(static use => use.Kind == UseKind.Assigned).Select(static use => use.Site).ToList();
            if (fetched.Count == 0)
                return null;
            foreach (var site in fetched)
                effects[site] = static _ => Outcomes.Unset(null);
        }

        Timeline.Run(settlement.Body, settlement.Function, Outcomes.Unset(null), work, effects, out var seen);
        return work.Where(one => seen.TryGetValue(one, out var known) && known.InOrder().Any(static outcome => outcome.Kind == OutcomeKind.Set)).OrderBy(static one => one.Syntax.SpanStart).FirstOrDefault();
    }

    /// <summary>Whether code runs in a catch block of the try statement that acknowledges: what threw came before the ack, or was the ack.</summary>
    private static bool OnlyHandlesFailedAck(IOperation work, IOperation ack)
    {
        for (var outer = work.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is ICatchClauseOperation { Parent: ITryOperation attempt } && attempt.Body.Syntax.Span.Contains(ack.Syntax.Span))
                return true;
        }

        return false;
    }
}
