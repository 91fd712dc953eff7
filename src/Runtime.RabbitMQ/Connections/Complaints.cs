namespace Reliability;

/// <summary>Decides when a failure that repeats is worth a log line: when its reason is new, and then at the 2nd, 4th, 8th … time.</summary>
internal sealed class Complaints
{
    private string? _reason;
    private int _times;

    /// <summary>Failures in a row, whatever their reason.</summary>
    public int Failures { get; private set; }

    /// <summary>Counts a failure; true where it should be logged.</summary>
    public bool Add(string reason)
    {
        Failures++;
        if (reason != _reason)
        {
            _reason = reason;
            _times = 0;
        }

        _times++;
        return int.IsPow2(_times);
    }

    /// <summary>It works again.</summary>
    public void Clear() => (_reason, _times, Failures) = (null, 0, 0);
}
