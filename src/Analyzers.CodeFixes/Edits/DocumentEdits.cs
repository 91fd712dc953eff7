using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Reliability.Analyzers.CodeFixes.Edits;

/// <summary>The edits of one document. Each is a function of the node as earlier edits left it, so nested ones add up.</summary>
internal sealed class DocumentEdits
{
    /// <summary>Marks what is new, and so is to be laid out. The platform's own mark would be laid out with the machine's line ends.</summary>
    public static readonly SyntaxAnnotation New = new();

    private readonly DocumentEditor _editor;
    private readonly HashSet<SyntaxNode> _claimed = new();
    private readonly Dictionary<SyntaxNode, HashSet<string>> _names = new();

    public DocumentEdits(DocumentEditor editor)
    {
        _editor = editor;
        Statements = new StatementEdits(this);
        NewLine = SyntaxFactory.EndOfLine(FirstLineEnd(editor.OriginalRoot));
    }

    public DocumentId Id => _editor.OriginalDocument.Id;

    public SyntaxNode Root => _editor.OriginalRoot;

    public SemanticModel Model => _editor.SemanticModel;

    /// <summary>The line end that the document uses.</summary>
    public SyntaxTrivia NewLine { get; }

    public StatementEdits Statements { get; }

    public bool IsEmpty { get; private set; } = true;

    /// <summary>Claims a node for one edit; false where another diagnostic has mended it already.</summary>
    public bool Claim(SyntaxNode node) => _claimed.Add(node);

    public bool HasClaimed(SyntaxNode node) => _claimed.Contains(node);

    public void Change<TNode>(TNode node, Func<TNode, SyntaxNode> change)
        where TNode : SyntaxNode
    {
        IsEmpty = false;
        _editor.ReplaceNode(node, (current, _) => current is TNode same ? change(same) : current);
    }

    /// <summary>Puts an expression in another's place, with the space and comments around it.</summary>
    public void Replace(ExpressionSyntax old, ExpressionSyntax replacement)
    {
        if (Claim(old))
            Change(old, current => replacement.WithTriviaFrom(current));
    }

    public void InsertBefore(SyntaxNode node, IEnumerable<SyntaxNode> inserted)
    {
        IsEmpty = false;
        _editor.InsertBefore(node, inserted);
    }

    public void InsertAfter(SyntaxNode node, IEnumerable<SyntaxNode> inserted)
    {
        IsEmpty = false;
        _editor.InsertAfter(node, inserted);
    }

    /// <summary>Takes a node away, with the line that it stands on.</summary>
    public void Remove(SyntaxNode node)
    {
        IsEmpty = false;
        _editor.RemoveNode(node, SyntaxRemoveOptions.KeepUnbalancedDirectives);
    }

    /// <summary>A type's name, as short as the document's usings allow; a missing using is added.</summary>
    public TypeSyntax Name(INamedTypeSymbol type) =>
        (TypeSyntax)_editor.Generator.TypeExpression(type, addImport: true).WithAdditionalAnnotations(Simplifier.Annotation, Simplifier.AddImportsAnnotation);

    /// <summary>A statement from text, on a line of its own.</summary>
    public StatementSyntax Statement(string text)
    {
        // Parsed inside an async function: elsewhere `await (…)` is the call of a method named so.
        var function = (LocalFunctionStatementSyntax)SyntaxFactory.ParseStatement($"async void F() {{{text}}}");
        return function.Body!.Statements[0].WithTrailingTrivia(NewLine).WithAdditionalAnnotations(New);
    }

    /// <summary>A statement from text for the end of a block: on a line of its own, unless the whole block is one line.</summary>
    public StatementSyntax StatementIn(BlockSyntax block, string text) =>
        block.IsOneLine() ? Statement(text).WithTrailingTrivia(SyntaxFactory.Space) : Statement(text);

    /// <summary>A name for a new local that nothing in the member around a place uses.</summary>
    public string FreeName(SyntaxNode place, string wish)
    {
        var member = place.AncestorsAndSelf().FirstOrDefault(node => node is MemberDeclarationSyntax and not GlobalStatementSyntax) ?? Root;
        if (!_names.TryGetValue(member, out var names))
        {
            var used = member.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText);
            _names.Add(member, names = new HashSet<string>(used, StringComparer.Ordinal));
        }

        var name = wish;
        for (var number = 2; !names.Add(name); number++)
            name = wish + number;
        return name;
    }

    public async Task<SyntaxNode> ApplyAsync(CancellationToken cancellationToken)
    {
        Statements.Apply();
        var document = _editor.GetChangedDocument();
        var options = await document.GetOptionsAsync(cancellationToken).ConfigureAwait(false);
        var formatted = await Formatter.FormatAsync(
            document, New, options.WithChangedOption(FormattingOptions.NewLine, LanguageNames.CSharp, NewLine.ToFullString()), cancellationToken)
            .ConfigureAwait(false);
        return (await formatted.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>Marks the document as changed by edits that are applied at the end.</summary>
    internal void Touch() => IsEmpty = false;

    private static string FirstLineEnd(SyntaxNode root)
    {
        var text = root.SyntaxTree.GetText();
        var first = text.Lines[0];
        return first.EndIncludingLineBreak > first.End ? text.ToString(new(first.End, first.EndIncludingLineBreak - first.End)) : "\n";
    }
}

internal static class BlockLayout
{
    public static bool IsOneLine(this BlockSyntax block) =>
        !block.OpenBraceToken.TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia) && !block.CloseBraceToken.LeadingTrivia.Any(SyntaxKind.EndOfLineTrivia)
        && !block.Statements.Any(inner => inner.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia));
}
