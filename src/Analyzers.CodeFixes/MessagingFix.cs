using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes;

/// <summary>
/// What all fixes share: one rule, one action, and one way to mend a single diagnostic or all of them together, so that two diagnostics
/// in one statement, or about one object, never overwrite each other.
/// </summary>
public abstract class MessagingFix : CodeFixProvider
{
    private readonly string _id;

    private protected MessagingFix(string id, string title)
    {
        _id = id;
        Title = title;
        FixableDiagnosticIds = ImmutableArray.Create(id);
    }

    /// <inheritdoc />
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    internal string Title { get; }

    /// <inheritdoc />
    public sealed override FixAllProvider GetFixAllProvider() => MendEverywhere.Instance;

    /// <inheritdoc />
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var solution = context.Document.Project.Solution;
        foreach (var diagnostic in context.Diagnostics)
        {
            // Planned once to see whether there is anything to offer: a fix that changes nothing is worse than none.
            var one = ImmutableArray.Create(diagnostic);
            var plan = await PlanAsync(solution, one, context.CancellationToken).ConfigureAwait(false);
            if (plan.IsEmpty)
                continue;

            context.RegisterCodeFix(CodeAction.Create(Title, token => MendAsync(solution, one, token), _id), diagnostic);
        }
    }

    internal async Task<Solution> MendAsync(Solution solution, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(solution, diagnostics, cancellationToken).ConfigureAwait(false);
        return await plan.ApplyAsync().ConfigureAwait(false);
    }

    /// <summary>Adds the edits that mend one diagnostic; none where they could not be made safely.</summary>
    private protected abstract Task MendAsync(SolutionEdits edits, Diagnostic diagnostic);

    private async Task<SolutionEdits> PlanAsync(Solution solution, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var edits = new SolutionEdits(solution, cancellationToken);
        var inOrder = diagnostics
            .Where(diagnostic => diagnostic.Location.IsInSource && !IsDeliberateOnSomePaths(diagnostic))
            .OrderBy(diagnostic => diagnostic.Location.SourceTree!.FilePath, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start);
        foreach (var diagnostic in inOrder)
            await MendAsync(edits, diagnostic).ConfigureAwait(false);

        return edits;
    }

    /// <summary>A value that somebody wrote for some paths only is a decision: it is shown, and left to people.</summary>
    private static bool IsDeliberateOnSomePaths(Diagnostic diagnostic) =>
        diagnostic.Says(DiagnosticKeys.Sometimes, "true") && diagnostic.Says(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten);
}

internal static class DiagnosticProperties
{
    public static bool Says(this Diagnostic diagnostic, string key, string value) =>
        diagnostic.Properties.TryGetValue(key, out var said) && said == value;
}
