using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>How many rounds of fixing are allowed: exactly so many, or at most so many and then the last changes nothing.</summary>
internal sealed class Rounds(int limit, bool exact)
{
    private int _used;

    // One round alone is "exactly one": the message is better, and a fix that does nothing is found.
    public static Rounds Of(int? exactly, int most) => exactly is { } count ? new(count, true) : new(most, most <= 1);

    // One round too many is still applied: the diff of the texts then shows what it did, which says more than a count.
    public bool Count() => ++_used <= limit + 1;

    public void Verify(IVerifier verifier)
    {
        if (exact && limit == 0)
            verifier.Equal(limit, _used, "No code fixes were expected, but a fix was offered.");
        else if (exact && _used <= limit)
            verifier.Equal(limit, _used, $"Expected '{limit}' iterations but found '{_used}' iterations.");
        else
            verifier.True(_used <= limit, "The upper limit for the number of code fix iterations was exceeded");
    }
}

/// <summary>One round: the first action offered for the first diagnostic that has one, alone or for the whole scope.</summary>
internal sealed class FixRound(
    Func<Diagnostic, IEnumerable<CodeFixProvider>> fixersOf, (int? Index, string? Key, Action<CodeAction, IVerifier>? Verifier) choice,
    Project project, ImmutableArray<Diagnostic> fixable, ImmutableArray<Diagnostic> all, int round, IVerifier verifier,
    CancellationToken cancellationToken)
{
    public async Task<(Project Project, bool Offered)> ApplyOneAsync()
    {
        var offered = false;
        foreach (var diagnostic in fixable)
        {
            if (await ChooseAsync(diagnostic).ConfigureAwait(false) is not { } chosen)
                continue;
            offered = true;
            var changed = await ApplyAsync(chosen.Action).ConfigureAwait(false);
            if (changed != project)
                return (changed, true);
        }

        return (project, offered);
    }

    public async Task<(Project Project, bool Offered)> ApplyAllAsync(FixAllScope scope)
    {
        foreach (var diagnostic in fixable)
        {
            if (await ChooseAsync(diagnostic).ConfigureAwait(false) is not { } chosen)
                continue;
            var provider = chosen.Provider.GetFixAllProvider();
            if (provider is null || !provider.GetSupportedFixAllScopes().Contains(scope))
                return (project, false);
            var context = new FixAllContext(
                project.Solution.GetDocument(diagnostic.Location.SourceTree)!, chosen.Provider, scope, chosen.Action.EquivalenceKey!,
                provider.GetSupportedFixAllDiagnosticIds(chosen.Provider), new KnownDiagnostics(all), cancellationToken);
            var action = await provider.GetFixAsync(context).ConfigureAwait(false);
            return action is null ? (project, false) : (await ApplyAsync(action).ConfigureAwait(false), true);
        }

        return (project, false);
    }

    private async Task<(CodeAction Action, CodeFixProvider Provider)?> ChooseAsync(Diagnostic diagnostic)
    {
        var document = project.Solution.GetDocument(diagnostic.Location.SourceTree)!;
        var actions = new List<(CodeAction Action, CodeFixProvider Provider)>();
        foreach (var provider in fixersOf(diagnostic))
        {
            var context = new CodeFixContext(
                document, diagnostic, (action, _) => actions.AddRange(Flatten(action).Select(a => (a, provider))), cancellationToken);
            await provider.RegisterCodeFixesAsync(context).ConfigureAwait(false);
        }

        var (index, key, check) = choice;
        var chosen = actions.FindIndex(offer => key is null || offer.Action.EquivalenceKey == key);
        if (index is { } at)
        {
            if (key is not null && chosen < 0 && round > 0)
                return null;
            if (key is not null)
            {
                verifier.True(actions.Count > at, $"Expected to find a code action at index '{at}', but only '{actions.Count}' code actions were found.");
                verifier.Equal(key, actions[at].Action.EquivalenceKey, "The code action equivalence key and index must be consistent.");
            }

            chosen = at < actions.Count ? at : -1;
        }

        if (chosen < 0)
            return null;
        check?.Invoke(actions[chosen].Action, verifier);
        return actions[chosen];
    }

    private static IEnumerable<CodeAction> Flatten(CodeAction action) =>
        action.NestedActions.IsEmpty ? [action] : action.NestedActions.SelectMany(Flatten);

    private async Task<Project> ApplyAsync(CodeAction action)
    {
        var operations = await action.GetOperationsAsync(cancellationToken).ConfigureAwait(false);
        var solution = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
        return solution.GetProject(project.Id) ?? throw new InvalidOperationException("The fix removed the project.");
    }

    private sealed class KnownDiagnostics(ImmutableArray<Diagnostic> all) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>(all);

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        {
            var tree = await document.GetSyntaxTreeAsync(cancellationToken).ConfigureAwait(false);
            return all.Where(diagnostic => diagnostic.Location.SourceTree == tree);
        }

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult(all.Where(diagnostic => !diagnostic.Location.IsInSource));
    }
}
