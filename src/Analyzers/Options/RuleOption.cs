using Microsoft.CodeAnalysis.Diagnostics;

namespace Reliability.Analyzers.Options;

/// <summary>One setting of <c>.editorconfig</c> or <c>.globalconfig</c>: its key, what it may be, and which rules it changes. Pages and checks are written from these.</summary>
internal abstract class RuleOption
{
    /// <summary>What all keys begin with; a key that begins so and is not known is a mistake.</summary>
    public const string Prefix = "reliability_";

    private protected RuleOption(string name, string byDefault, string allowed, string means, string[] rules)
    {
        Key = Prefix + name;
        Default = byDefault;
        Allowed = allowed;
        Means = means;
        Rules = rules;
    }

    public string Key { get; }

    /// <summary>The value where the key is not set, as it would be written.</summary>
    public string Default { get; }

    /// <summary>What may be written, in words: "true or false".</summary>
    public string Allowed { get; }

    /// <summary>What the option says about a project.</summary>
    public string Means { get; }

    /// <summary>The ids of the rules whose reports it changes.</summary>
    public IReadOnlyList<string> Rules { get; }

    /// <summary>Whether a value can be read.</summary>
    public abstract bool Accepts(string value);
}

/// <summary>An option whose values are of one type.</summary>
internal sealed class RuleOption<T> : RuleOption
{
    private readonly Parse _parse;
    private readonly T _default;

    public RuleOption(string name, string byDefault, string allowed, string means, Parse parse, params string[] rules)
        : base(name, byDefault, allowed, means, rules)
    {
        _parse = parse;
        _default = parse(byDefault, out var value) ? value : throw new ArgumentException($"'{byDefault}' is no value of {Key}", nameof(byDefault));
    }

    /// <summary>Reads a value; false where it is none.</summary>
    public delegate bool Parse(string text, out T value);

    public override bool Accepts(string value) => _parse(value, out _);

    /// <summary>The value for some file. One that cannot be read is <see cref="WrongOption"/>'s to report; the default holds until it is mended.</summary>
    public T Read(AnalyzerConfigOptions options) => options.TryGetValue(Key, out var text) && _parse(text, out var value) ? value : _default;
}
