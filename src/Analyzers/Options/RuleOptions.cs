using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Reliability.Analyzers.Options;

/// <summary>Who has to take notice of a publisher confirm.</summary>
internal enum ConfirmMode
{
    /// <summary>The code that publishes waits, or handlers of the confirm events do it.</summary>
    Handled,

    /// <summary>The code that publishes waits.</summary>
    Awaited,
}

/// <summary>What a project says about itself in <c>.editorconfig</c> or <c>.globalconfig</c>, for one file.</summary>
internal sealed class RuleOptions
{
    public static readonly RuleOption<MethodNames> Acks = new(
        "ack_methods", "", MethodNames.Allowed, "methods of your own that acknowledge the delivery they are given (or whose receiver holds it)", MethodNames.TryParse,
        Rules.AckBeforeProcessing, Rules.NeverSettled, Rules.SwallowedFailure);

    public static readonly RuleOption<MethodNames> Commits = new(
        "commit_methods", "", MethodNames.Allowed, "methods of your own that commit, or store, the offset of the record they are given", MethodNames.TryParse,
        Rules.CommitBeforeProcessing, Rules.NeverCommits, Rules.BufferedBeforeCommit, Rules.SwallowedRecord);

    public static readonly RuleOption<NamePatterns> TransientQueues = new(
        "transient_queues", "", NamePatterns.Allowed, "queues whose messages may be lost, by design", NamePatterns.TryParse, TransientByDesign.RulesOfQueues);

    public static readonly RuleOption<NamePatterns> TransientExchanges = new(
        "transient_exchanges", "", NamePatterns.Allowed, "exchanges whose messages may be lost, by design", NamePatterns.TryParse, TransientByDesign.RulesOfExchanges);

    public static readonly RuleOption<bool> DeadLettersByPolicy = new(
        "dead_letters_by_policy", "false", "true or false", "a policy of the broker gives each queue its dead-letter exchange, so that declarations need not", bool.TryParse,
        Rules.RejectedWithoutDeadLetter, Rules.DroppedAfterRedeliveries);

    public static readonly RuleOption<ConfirmMode> Confirms = new(
        "required_confirms", "handled", "handled or awaited",
        "who has to take notice of a confirm: code that waits or handlers of the confirm events (`handled`), or only code that waits (`awaited`)", TryParseMode, Rules.UnobservedConfirm);

    public static readonly RuleOption<int> ReplicationFactor = new(
        "minimum_replication_factor", "2", "a whole number from 1 to 32767", "the fewest copies that a topic may have", TryParseFactor, Rules.ReplicationFactor);

    /// <summary>Every option there is.</summary>
    public static readonly IReadOnlyList<RuleOption> All = new RuleOption[] { Acks, Commits, TransientQueues, TransientExchanges, DeadLettersByPolicy, Confirms, ReplicationFactor };

    // The compiler has one set of options for all files under the same sections: its texts are read once.
    private static readonly ConditionalWeakTable<AnalyzerConfigOptions, RuleOptions> PerFile = new();

    private RuleOptions(AnalyzerConfigOptions options)
    {
        AckMethods = Acks.Read(options);
        CommitMethods = Commits.Read(options);
        QueuesTransientByDesign = TransientQueues.Read(options);
        ExchangesTransientByDesign = TransientExchanges.Read(options);
        DeadLettersAreSetByPolicy = DeadLettersByPolicy.Read(options);
        RequiredConfirms = Confirms.Read(options);
        MinimumReplicationFactor = ReplicationFactor.Read(options);
    }

    public MethodNames AckMethods { get; }

    public MethodNames CommitMethods { get; }

    public NamePatterns QueuesTransientByDesign { get; }

    public NamePatterns ExchangesTransientByDesign { get; }

    public bool DeadLettersAreSetByPolicy { get; }

    public ConfirmMode RequiredConfirms { get; }

    public int MinimumReplicationFactor { get; }

    public static RuleOptions For(SyntaxTree tree, AnalyzerOptions options) => Read(options.AnalyzerConfigOptionsProvider.GetOptions(tree));

    public static RuleOptions For(AdditionalText file, AnalyzerOptions options) => Read(options.AnalyzerConfigOptionsProvider.GetOptions(file));

    private static RuleOptions Read(AnalyzerConfigOptions options) => PerFile.GetValue(options, static key => new RuleOptions(key));

    private static bool TryParseMode(string text, out ConfirmMode mode)
    {
        mode = text.Equals("awaited", StringComparison.OrdinalIgnoreCase) ? ConfirmMode.Awaited : ConfirmMode.Handled;
        return mode == ConfirmMode.Awaited || text.Equals("handled", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryParseFactor(string text, out int factor) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out factor) && factor is >= 1 and <= short.MaxValue;
}
