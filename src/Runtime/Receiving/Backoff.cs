namespace Reliability;

/// <summary>How long to wait before trying again.</summary>
internal static class Backoff
{
    /// <summary>Pauses double from <paramref name="first"/> up to <paramref name="longest"/>, each shortened by up to a fifth, so that many do not return at once.</summary>
    /// <param name="first">The pause after the first failure.</param>
    /// <param name="longest">No pause is longer.</param>
    /// <param name="failures">Failures so far, from 1.</param>
    public static TimeSpan Pause(TimeSpan first, TimeSpan longest, int failures)
    {
        var doubled = first * Math.Pow(2, Math.Min(failures - 1, 30));
        var bounded = doubled < longest ? doubled : longest;
        return bounded * (1 - (Random.Shared.NextDouble() / 5));
    }

    /// <summary>The pause before a handler's next attempt: the first retry comes at once, since most failures are over by then.</summary>
    public static TimeSpan BeforeRetry(RetryOptions options, int attempts) =>
        attempts <= 1 ? TimeSpan.Zero : Pause(options.BaseDelay, options.MaxDelay, attempts - 1);
}
