namespace Reliability.Connections;

/// <summary>Times as the tables keep them: milliseconds since 1970, UTC.</summary>
internal sealed class StoreClock(TimeProvider time)
{
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A time from now on. Rounded up, so that nothing is due early; bounded, so that no duration overflows.</summary>
    public long After(TimeSpan duration) => duration <= TimeSpan.Zero ? Now : CeilingOf(time.GetUtcNow(), duration);

    /// <summary>A time before now.</summary>
    public long Before(TimeSpan age) => Math.Max(0, Now - (long)Math.Ceiling(age.TotalMilliseconds));

    /// <summary>A point in time, rounded up.</summary>
    public static long Ceiling(DateTimeOffset at) => at.UtcTicks % TimeSpan.TicksPerMillisecond == 0
        ? at.ToUnixTimeMilliseconds()
        : at.ToUnixTimeMilliseconds() + 1;

    public static DateTimeOffset Read(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static long CeilingOf(DateTimeOffset now, TimeSpan duration) =>
        duration > DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() : Ceiling(now + duration);
}
