using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Microsoft.CodeAnalysis.Testing;

public interface IVerifier
{
    void Empty<T>(string collectionName, IEnumerable<T> collection);
    void NotEmpty<T>(string collectionName, IEnumerable<T> collection);
    void LanguageIsSupported(string language);
    void Equal<T>(T expected, T actual, string? message = null);
    void True([DoesNotReturnIf(false)] bool assert, string? message = null);
    void False([DoesNotReturnIf(true)] bool assert, string? message = null);
    [DoesNotReturn]
    void Fail(string? message = null);
    void SequenceEqual<T>(IEnumerable<T> expected, IEnumerable<T> actual, IEqualityComparer<T>? equalityComparer = null, string? message = null);
    IVerifier PushContext(string context);
}

public class DefaultVerifier : IVerifier
{
    public DefaultVerifier() : this([])
    {
    }

    protected DefaultVerifier(ImmutableStack<string> context) => Context = context;

    protected ImmutableStack<string> Context { get; }

    public virtual void Empty<T>(string collectionName, IEnumerable<T> collection) =>
        True(!collection.Any(), $"'{collectionName}' is not empty");

    public virtual void NotEmpty<T>(string collectionName, IEnumerable<T> collection) =>
        True(collection.Any(), $"'{collectionName}' is empty");

    public virtual void LanguageIsSupported(string language) =>
        True(language == LanguageNames.CSharp, $"Unsupported Language: '{language}'");

    public virtual void Equal<T>(T expected, T actual, string? message = null) =>
        True(EqualityComparer<T>.Default.Equals(expected, actual), message ?? $"items not equal.  expected:'{expected}' actual:'{actual}'");

    public virtual void True([DoesNotReturnIf(false)] bool assert, string? message = null)
    {
        if (!assert)
            Fail(message ?? "Expected value to be 'true' but was 'false'");
    }

    public virtual void False([DoesNotReturnIf(true)] bool assert, string? message = null) =>
        True(!assert, message ?? "Expected value to be 'false' but was 'true'");

    [DoesNotReturn]
    public virtual void Fail(string? message = null) =>
        throw new InvalidOperationException(CreateMessage(message ?? "Verification failed for an unspecified reason."));

    public virtual void SequenceEqual<T>(
        IEnumerable<T> expected, IEnumerable<T> actual, IEqualityComparer<T>? equalityComparer = null, string? message = null) =>
        True(expected.SequenceEqual(actual, equalityComparer), message ?? "Sequences are not equal");

    public virtual IVerifier PushContext(string context) => new DefaultVerifier(Context.Push(context));

    protected virtual string CreateMessage(string message) =>
        Context.Aggregate(message, (text, frame) => $"Context: {frame}{Environment.NewLine}{text}");
}

public static class IVerifierExtensions
{
    public static void EqualOrDiff(this IVerifier verifier, string expected, string actual, string? message = null)
    {
        if (expected == actual)
            return;
        var text = new StringBuilder()
            .AppendLine(string.IsNullOrEmpty(message) ? "Actual and expected values differ. Expected shown in baseline of diff:" : message);
        foreach (var (sign, line) in LineDiff.Between(Lines(expected), Lines(actual)))
            text.Append(sign).AppendLine(line.Replace("\r", "<CR>", StringComparison.Ordinal));
        verifier.Fail(text.ToString());
    }

    private static string[] Lines(string text) => text.Split('\n');
}
