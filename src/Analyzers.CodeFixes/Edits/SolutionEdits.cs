using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Editing;

namespace Reliability.Analyzers.CodeFixes.Edits;

/// <summary>The edits of one action over all documents that it touches.</summary>
internal sealed class SolutionEdits(Solution solution, CancellationToken cancellationToken)
{
    private readonly Dictionary<DocumentId, DocumentEdits> _documents = new();

    public bool IsEmpty => _documents.Values.All(document => document.IsEmpty);

    /// <summary>The edits of the document that holds a place, and the innermost node there; null where the place is not in this solution.</summary>
    public async Task<(DocumentEdits Edits, SyntaxNode Node)?> AtAsync(Location place)
    {
        if (place.SourceTree is not { } tree || solution.GetDocument(tree) is not { } document)
            return null;

        if (!_documents.TryGetValue(document.Id, out var edits))
            _documents.Add(document.Id, edits = new DocumentEdits(await DocumentEditor.CreateAsync(document, cancellationToken).ConfigureAwait(false)));
        return (edits, edits.Root.FindNode(place.SourceSpan, getInnermostNodeForTie: true));
    }

    public async Task<Solution> ApplyAsync()
    {
        var changed = solution;
        foreach (var edits in _documents.Values.Where(edits => !edits.IsEmpty))
            changed = changed.WithDocumentSyntaxRoot(edits.Id, await edits.ApplyAsync(cancellationToken).ConfigureAwait(false));

        return changed;
    }
}
