using Microsoft.CodeAnalysis.Text;

namespace Reliability.Analyzers.Configuration;

/// <summary>One value of a configuration file.</summary>
/// <param name="Section">The object that holds it, as a path: <c>Kafka:Producer</c>, <c>queues:3</c>.</param>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its text, without quotes.</param>
/// <param name="Span">Where the value stands in the file, quotes and all.</param>
internal readonly record struct Setting(string Section, string Key, string Value, TextSpan Span);

/// <summary>
/// Reads the values of a JSON file with their places; comments and trailing commas are allowed, as in appsettings.json. A file that is broken in the middle gives what stands before.
/// </summary>
internal sealed class JsonSettings
{
    private const int MaximumDepth = 64;

    private readonly string _text;
    private readonly List<Setting> _settings = new();
    private int _at;

    private JsonSettings(string text) => _text = text;

    public static IReadOnlyList<Setting> Read(string text)
    {
        var reader = new JsonSettings(text);
        reader.ReadValue("", "", 0);
        return reader._settings;
    }

    private bool ReadValue(string section, string key, int depth)
    {
        SkipSpace();
        if (_at >= _text.Length || depth > MaximumDepth)
            return false;

        var inner = section.Length == 0 ? key : key.Length == 0 ? section : section + ":" + key;
        switch (_text[_at])
        {
            case '{':
                return ReadMembers(inner, depth);
            case '[':
                return ReadElements(inner, depth);
            case '"':
                var start = _at;
                if (ReadString() is not { } text)
                    return false;
                _settings.Add(new Setting(section, key, text, TextSpan.FromBounds(start, _at)));
                return true;
            default:
                return ReadWord(section, key);
        }
    }

    private bool ReadMembers(string section, int depth)
    {
        _at++;
        while (true)
        {
            SkipSpace();
            if (Take('}'))
                return true;
            if (Take(','))
                continue;
            if (_at >= _text.Length || _text[_at] != '"' || ReadString() is not { } name)
                return false;

            SkipSpace();
            if (!Take(':') || !ReadValue(section, name, depth + 1))
                return false;
        }
    }

    private bool ReadElements(string section, int depth)
    {
        _at++;
        for (var index = 0; ;)
        {
            SkipSpace();
            if (Take(']'))
                return true;
            if (Take(','))
                continue;
            if (!ReadValue(section, index.ToString(System.Globalization.CultureInfo.InvariantCulture), depth + 1))
                return false;
            index++;
        }
    }

    private bool ReadWord(string section, string key)
    {
        var start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '-' or '+' or '.'))
            _at++;
        if (_at == start)
            return false;

        _settings.Add(new Setting(section, key, _text.Substring(start, _at - start), TextSpan.FromBounds(start, _at)));
        return true;
    }

    private string? ReadString()
    {
        var value = new System.Text.StringBuilder();
        for (_at++; _at < _text.Length && _text[_at] is not '\n'; _at++)
        {
            switch (_text[_at])
            {
                case '"':
                    _at++;
                    return value.ToString();
                case '\\' when _at + 1 < _text.Length:
                    // Names and values that matter here hold no escapes; the character after one stands for itself.
                    value.Append(_text[++_at]);
                    break;
                default:
                    value.Append(_text[_at]);
                    break;
            }
        }

        return null;
    }

    private bool Take(char expected)
    {
        if (_at >= _text.Length || _text[_at] != expected)
            return false;
        _at++;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length)
        {
            if (char.IsWhiteSpace(_text[_at]) || _text[_at] == '\uFEFF')
                _at++;
            else if (Starts("//"))
                SkipTo("\n");
            else if (Starts("/*"))
                SkipTo("*/");
            else
                return;
        }
    }

    private bool Starts(string mark) => string.CompareOrdinal(_text, _at, mark, 0, mark.Length) == 0;

    private void SkipTo(string mark)
    {
        var end = _text.IndexOf(mark, _at, StringComparison.Ordinal);
        _at = end < 0 ? _text.Length : end + mark.Length;
    }
}
