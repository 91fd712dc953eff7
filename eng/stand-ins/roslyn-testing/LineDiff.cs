namespace Microsoft.CodeAnalysis.Testing;

/// <summary>The shortest edit of one list of lines into another, by their longest common subsequence.</summary>
internal static class LineDiff
{
    public static IEnumerable<(char Sign, string Line)> Between(string[] expected, string[] actual)
    {
        var common = new int[expected.Length + 1, actual.Length + 1];
        for (var e = expected.Length - 1; e >= 0; e--)
        {
            for (var a = actual.Length - 1; a >= 0; a--)
            {
                common[e, a] = expected[e] == actual[a]
                    ? common[e + 1, a + 1] + 1
                    : Math.Max(common[e + 1, a], common[e, a + 1]);
            }
        }

        var (i, j) = (0, 0);
        while (i < expected.Length || j < actual.Length)
        {
            if (i < expected.Length && j < actual.Length && expected[i] == actual[j])
            {
                yield return (' ', expected[i++]);
                j++;
            }
            else if (j == actual.Length || (i < expected.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                yield return ('-', expected[i++]);
            }
            else
            {
                yield return ('+', actual[j++]);
            }
        }
    }
}
