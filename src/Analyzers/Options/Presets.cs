using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Reliability.Analyzers.Options;

/// <summary>
/// The sets of severities that a project chooses from by one MSBuild property. The package holds a global analyzer configuration for each, written from the descriptors when it is packed;
/// what a user's own <c>.editorconfig</c> says about a rule goes before it.
/// </summary>
internal static class Presets
{
    public const string Property = "ReliabilityAnalysisMode";

    /// <summary>Every rule at its own severity.</summary>
    public const string Recommended = "Recommended";

    /// <summary>Every rule, as an error.</summary>
    public const string Strict = "Strict";

    /// <summary>Only the rules that lose messages for certain, at their own severity.</summary>
    public const string Minimal = "Minimal";

    /// <summary>No rule.</summary>
    public const string None = "None";

    public static readonly IReadOnlyList<string> All = new[] { Recommended, Strict, Minimal, None };

    /// <summary>
    /// What the descriptors of the preset Minimal are marked with. A rule is of it where one everyday event (a restart, a dropped connection, a handler that fails, one broker that goes)
    /// is enough for a message to be gone. Rules about duplicates, order, speed, messages that are stuck, and defaults worth deciding are not.
    /// </summary>
    public const string MinimalTag = "Reliability.Minimal";

    private static readonly ImmutableHashSet<string> LosingForCertain = ImmutableHashSet.Create(
        StringComparer.Ordinal,
        Rules.WrongOption,
        Rules.AutoAck, Rules.AckBeforeProcessing, Rules.AckMultiple, Rules.RejectedWithoutDeadLetter, Rules.SwallowedFailure,
        Rules.NonDurableExchange, Rules.NonDurableQueue, Rules.ConnectionBoundQueue, Rules.LossyQueueArguments, Rules.DroppedAfterRedeliveries, Rules.SelfDeadLetter,
        Rules.TransientMessage, Rules.MissingConfirms, Rules.UnobservedConfirm, Rules.Unroutable,
        Rules.AutoCommit, Rules.CommitBeforeProcessing, Rules.BufferedBeforeCommit, Rules.SwallowedRecord,
        Rules.AcksNotAll, Rules.RetriesLimited, Rules.UnobservedDelivery, Rules.NotFlushed, Rules.DeliveryErrorIgnored,
        Rules.ReplicationFactor, Rules.UncleanElection,
        Rules.DualWrite, Rules.LossyConfiguration,
        Rules.EndsTransaction, Rules.ContextOutsideTransaction, Rules.FailureHeldBack);

    /// <summary>The tags of a new descriptor.</summary>
    public static string[] TagsOf(string id) => LosingForCertain.Contains(id) ? new[] { MinimalTag } : Array.Empty<string>();

    /// <summary>The severity of a rule in a preset, in the words of <c>.editorconfig</c>.</summary>
    public static string SeverityIn(string preset, DiagnosticDescriptor rule) => preset switch
    {
        Strict => "error",
        Minimal when !rule.CustomTags.Contains(MinimalTag) => "none",
        None => "none",
        _ => Word(rule.DefaultSeverity),
    };

    /// <summary>A severity in the words of <c>.editorconfig</c>.</summary>
    public static string Word(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => "error",
        DiagnosticSeverity.Warning => "warning",
        DiagnosticSeverity.Info => "suggestion",
        _ => "silent",
    };
}
