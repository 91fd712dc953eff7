using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

public readonly record struct DiagnosticLocation(FileLinePositionSpan Span, DiagnosticLocationOptions Options);

/// <summary>An expected diagnostic; what is not stated (arguments, message) is not compared.</summary>
public readonly struct DiagnosticResult
{
    public static readonly DiagnosticResult[] EmptyDiagnosticResults = [];

    private readonly ImmutableArray<DiagnosticLocation> _spans;

    public DiagnosticResult(string id, DiagnosticSeverity severity)
    {
        Id = id;
        Severity = severity;
    }

    public DiagnosticResult(DiagnosticDescriptor descriptor) : this(descriptor.Id, descriptor.DefaultSeverity) =>
        MessageFormat = descriptor.MessageFormat;

    public ImmutableArray<DiagnosticLocation> Spans
    {
        get => _spans.IsDefault ? [] : _spans;
        private init => _spans = value;
    }

    public string Id { get; }
    public DiagnosticSeverity Severity { get; private init; }
    public DiagnosticOptions Options { get; private init; }
    public LocalizableString? MessageFormat { get; private init; }
    public object?[]? MessageArguments { get; private init; }
    public bool HasLocation => !Spans.IsEmpty;

    private string? ExactMessage { get; init; }
    private bool MessageIsIgnored { get; init; }

    public string? Message
    {
        get
        {
            if (MessageIsIgnored || ExactMessage is not null || MessageFormat is null)
                return MessageIsIgnored ? null : ExactMessage;
            var format = MessageFormat.ToString(CultureInfo.InvariantCulture);
            try
            {
                return string.Format(CultureInfo.InvariantCulture, format, MessageArguments ?? []);
            }
            catch (FormatException)
            {
                // Fewer arguments than places: the raw format then matches no real message, and the test says so.
                return format;
            }
        }
    }

    public static DiagnosticResult CompilerError(string identifier) => new(identifier, DiagnosticSeverity.Error);

    public static DiagnosticResult CompilerWarning(string identifier) => new(identifier, DiagnosticSeverity.Warning);

    public DiagnosticResult WithSeverity(DiagnosticSeverity severity) => this with { Severity = severity };

    public DiagnosticResult WithOptions(DiagnosticOptions options) => this with { Options = options };

    public DiagnosticResult WithArguments(params object[] arguments) => this with { MessageArguments = arguments };

    public DiagnosticResult WithMessage(string? message) => this with { ExactMessage = message, MessageIsIgnored = message is null };

    public DiagnosticResult WithMessageFormat(LocalizableString messageFormat) => this with { MessageFormat = messageFormat };

    public DiagnosticResult WithNoLocation() => this with { Spans = [] };

    public DiagnosticResult WithLocation(int markupKey) => WithLocation(markupKey, DiagnosticLocationOptions.None);

    public DiagnosticResult WithLocation(int markupKey, DiagnosticLocationOptions options)
    {
        var key = new LinePosition(0, markupKey);
        return Append(new FileLinePositionSpan("", key, key), options | DiagnosticLocationOptions.InterpretAsMarkupKey);
    }

    public DiagnosticResult WithLocation(int line, int column) => WithLocation("", line, column);

    public DiagnosticResult WithLocation(LinePosition location) => WithLocation("", location);

    public DiagnosticResult WithLocation(string path, int line, int column) => WithLocation(path, new LinePosition(line - 1, column - 1));

    public DiagnosticResult WithLocation(string path, LinePosition location) =>
        WithLocation(path, location, DiagnosticLocationOptions.None);

    public DiagnosticResult WithLocation(string path, LinePosition location, DiagnosticLocationOptions options) =>
        Append(new FileLinePositionSpan(path, location, location), options | DiagnosticLocationOptions.IgnoreLength);

    public DiagnosticResult WithSpan(int startLine, int startColumn, int endLine, int endColumn) =>
        WithSpan("", startLine, startColumn, endLine, endColumn);

    public DiagnosticResult WithSpan(string path, int startLine, int startColumn, int endLine, int endColumn) =>
        WithSpan(new FileLinePositionSpan(path, new(startLine - 1, startColumn - 1), new(endLine - 1, endColumn - 1)));

    public DiagnosticResult WithSpan(FileLinePositionSpan span) => Append(span, DiagnosticLocationOptions.None);

    public DiagnosticResult WithSpan(FileLinePositionSpan span, DiagnosticLocationOptions options) => Append(span, options);

    public DiagnosticResult WithDefaultPath(string path) => WithEachSpan(location =>
        location.Options.HasFlag(DiagnosticLocationOptions.InterpretAsMarkupKey) || location.Span.Path.Length > 0
            ? location
            : location with { Span = new FileLinePositionSpan(path, location.Span.Span) });

    public DiagnosticResult WithLineOffset(int offset) => WithEachSpan(location =>
    {
        var (start, end) = (location.Span.StartLinePosition, location.Span.EndLinePosition);
        var moved = new LinePositionSpan(new(start.Line + offset, start.Character), new(end.Line + offset, end.Character));
        return location with { Span = new FileLinePositionSpan(location.Span.Path, moved) };
    });

    internal DiagnosticResult WithMarkupLocations(IReadOnlyDictionary<string, FileLinePositionSpan> marked) => WithEachSpan(location =>
    {
        if (!location.Options.HasFlag(DiagnosticLocationOptions.InterpretAsMarkupKey))
            return location;
        var key = "#" + location.Span.StartLinePosition.Character;
        return marked.TryGetValue(key, out var span)
            ? new DiagnosticLocation(span, location.Options & ~DiagnosticLocationOptions.InterpretAsMarkupKey)
            : throw new InvalidOperationException($"The markup location '{key}' was not found in the input.");
    });

    private DiagnosticResult WithEachSpan(Func<DiagnosticLocation, DiagnosticLocation> change) =>
        this with { Spans = Spans.Select(change).ToImmutableArray() };

    private DiagnosticResult Append(FileLinePositionSpan span, DiagnosticLocationOptions options) =>
        this with { Spans = Spans.Add(new DiagnosticLocation(span, options)) };

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (span, options) in Spans)
        {
            var place = options.HasFlag(DiagnosticLocationOptions.IgnoreLength) ? $"{span.StartLinePosition}.." : span.Span.ToString();
            text.Append(CultureInfo.InvariantCulture, $"{(span.Path.Length > 0 ? span.Path : "?")}{place}: ");
        }

        text.Append(CultureInfo.InvariantCulture, $"{Severity.ToString().ToLowerInvariant()} {Id}");
        if (Message is { } message)
            text.Append(": ").Append(message);
        else if (MessageArguments is { Length: > 0 } arguments)
            text.Append(CultureInfo.InvariantCulture, $" with arguments ({string.Join(", ", arguments)})");
        return text.ToString();
    }
}
