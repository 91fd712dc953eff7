using System.Globalization;

namespace Reliability;

/// <summary>A record's place in a log: what a partition of a topic, or a stream, counts up.</summary>
/// <param name="Part">
/// The log that the offset counts in, by a name that no other log ever bears: a topic that is deleted and made anew is another log. It must hold what the broker gives
/// a new one, such as the topic's id, and the partition's number.
/// </param>
/// <param name="Offset">The record's number in it. Each record's is greater than those of the records before it.</param>
public readonly record struct LogPosition(string Part, long Offset)
{
    /// <summary>
    /// Raised by the broker where the end of the log may have been lost and its offsets given again, such as Kafka's leader epoch; kept with each record. Default: 0,
    /// for logs that never give an offset twice.
    /// </summary>
    public long Epoch { get; init; }

    /// <summary>
    /// True where a record here is not among those up to <paramref name="last"/>: it comes later, or in place of one that the log has lost.
    /// </summary>
    public bool IsNotCoveredBy(LogPosition last) => Offset > last.Offset || Epoch > last.Epoch;

    /// <summary>
    /// True where the log goes on from <paramref name="last"/> to here. A record that is neither covered nor later lies in an end of the log that is lost by now.
    /// </summary>
    public bool IsLaterThan(LogPosition last) => (Epoch, Offset).CompareTo((last.Epoch, last.Offset)) > 0;

    /// <summary>A text that stands for this record of this source and for no other.</summary>
    public string ToKey(string source) => string.Create(CultureInfo.InvariantCulture, $"{source}[{Part}]@{Epoch}:{Offset}");
}
