using System.Diagnostics;

namespace Reliability.Tests;

/// <summary>Waits for what comes from another thread or process: looks until it is so, and fails with what it saw last.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public static Task IsTrueAsync(Func<bool> condition, string what) => EqualAsync(true, condition, what);

    public static Task EqualAsync<T>(T expected, Func<T> actual, string? what = null) => EqualAsync(expected, () => Task.FromResult(actual()), what);

    public static async Task EqualAsync<T>(T expected, Func<Task<T>> actual, string? what = null)
    {
        var since = Stopwatch.GetTimestamp();
        T seen;
        while (!Equals(seen = await actual(), expected))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Long, $"{what ?? "Value"}: expected {expected}, but after {Long.TotalSeconds} s it is {seen}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
