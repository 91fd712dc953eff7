using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Reliability.Generators.CodeFixes;

/// <summary>
/// Mends every REL4010 of a scope at once. Their edits are all in one place, the context, and a type may be missing for several handlers, so merging
/// single fixes would lose or double some.
/// </summary>
internal sealed class AddEveryJsonSerializable : FixAllProvider
{
    public static readonly AddEveryJsonSerializable Instance = new();

    public override async Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext)
    {
        var missing = new List<(Project Project, IReadOnlyList<MissingType> Types)>();
        foreach (var project in ProjectsOf(fixAllContext))
        {
            var diagnostics = fixAllContext is { Scope: FixAllScope.Document, Document: { } document }
                ? await fixAllContext.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false)
                : await fixAllContext.GetAllDiagnosticsAsync(project).ConfigureAwait(false);
            missing.Add((project, [.. diagnostics.Select(MissingType.In).OfType<MissingType>().Distinct()]));
        }

        return CodeAction.Create(
            "Add [JsonSerializable] for every message type",
            token => AddAsync(fixAllContext.Solution, missing, token),
            nameof(AddJsonSerializable));
    }

    private static async Task<Solution> AddAsync(
        Solution solution, IReadOnlyList<(Project Project, IReadOnlyList<MissingType> Types)> missing, CancellationToken cancellationToken)
    {
        foreach (var (project, types) in missing)
        {
            solution = await AddJsonSerializable.AddAsync(solution.GetProject(project.Id)!, types, cancellationToken).ConfigureAwait(false);
        }

        return solution;
    }

    private static IEnumerable<Project> ProjectsOf(FixAllContext context) =>
        context.Scope == FixAllScope.Solution ? context.Solution.Projects.Where(project => project.Language == LanguageNames.CSharp) : [context.Project];
}
