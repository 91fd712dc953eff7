namespace Reliability.Generators.Emitting;

/// <summary>Names of locals that are not yet taken, nor a parameter's.</summary>
internal sealed class LocalNames
{
    private readonly HashSet<string> _taken;

    public LocalNames(params string[] parameters) => _taken = [.. parameters];

    public string Take(string wanted)
    {
        var name = wanted;
        for (var i = 2; !_taken.Add(name); i++)
        {
            name = wanted + i;
        }

        return name;
    }
}
