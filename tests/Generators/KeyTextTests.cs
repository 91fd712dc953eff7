namespace Reliability.Generators.Tests;

/// <summary>Several key members make one text, and different ones never the same.</summary>
public sealed class KeyTextTests
{
    private static readonly string[] Pieces = ["", "a", "|", "\\", "a|", "|a", "\\|", "|\\", "\\\\", "a\\", "\\a", "||", "a|a"];

    [Fact]
    public void No_two_different_lists_are_joined_to_one_text()
    {
        List<string[]> lists = [.. Pieces.Select(one => new[] { one })];
        lists.AddRange(Pieces.SelectMany(_ => Pieces, (one, two) => new[] { one, two }));
        lists.AddRange(Pieces.SelectMany(_ => Pieces, (one, two) => (one, two)).SelectMany(_ => Pieces, (pair, three) => new[] { pair.one, pair.two, three }));

        var same = lists.GroupBy(list => KeyText.Join(list)).Where(group => group.Count() > 1).ToList();

        Assert.True(same.Count == 0, string.Join(Environment.NewLine, same.Select(group => $"'{group.Key}' is {string.Join(" and ", group.Select(list => $"[{string.Join(", ", list)}]"))}")));
        Assert.Equal(Pieces.Length + (Pieces.Length * Pieces.Length) + (Pieces.Length * Pieces.Length * Pieces.Length), lists.Count);
    }

    [Fact]
    public void A_joined_text_reads_like_its_parts() => Assert.Equal("order-1|3", KeyText.Join("order-1", "3"));

    [Fact]
    public void Nothing_is_no_key() => Assert.Throws<ArgumentOutOfRangeException>(() => KeyText.Join());
}
