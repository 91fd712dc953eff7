using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Reliability.Analyzers.CodeFixes;

/// <summary>
/// Mends all diagnostics of a rule in one set of edits. The platform's batch fixer applies each alone and merges the texts, which drops
/// one of two changes that touch: an argument of an argument, or two publishes through one channel.
/// </summary>
internal sealed class MendEverywhere : FixAllProvider
{
    public static readonly MendEverywhere Instance = new();

    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

    public override async Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext)
    {
        var fix = (MessagingFix)fixAllContext.CodeFixProvider;
        var diagnostics = await DiagnosticsAsync(fixAllContext).ConfigureAwait(false);
        return diagnostics.IsEmpty
            ? null
            : CodeAction.Create(
                fix.Title, token => fix.MendAsync(fixAllContext.Solution, diagnostics, token), fixAllContext.CodeActionEquivalenceKey);
    }

    private static async Task<ImmutableArray<Diagnostic>> DiagnosticsAsync(FixAllContext context)
    {
        switch (context.Scope)
        {
            case FixAllScope.Document when context.Document is { } document:
                return await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false);
            case FixAllScope.Project:
                return await context.GetAllDiagnosticsAsync(context.Project).ConfigureAwait(false);
            case FixAllScope.Solution:
                var all = ImmutableArray.CreateBuilder<Diagnostic>();
                foreach (var project in context.Solution.Projects.Where(project => project.Language == context.Project.Language))
                    all.AddRange(await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false));
                return all.ToImmutable();
            default:
                return ImmutableArray<Diagnostic>.Empty;
        }
    }
}
