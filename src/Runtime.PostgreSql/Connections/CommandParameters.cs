using System.Buffers.Binary;
using Npgsql;
using NpgsqlTypes;
using Reliability.Messages;

namespace Reliability.Connections;

/// <summary>Binds values to <c>$1</c>, <c>$2</c> … in the order of the calls, and reads columns, each in the one form that the tables use.</summary>
internal static class CommandParameters
{
    /// <summary>The longest duration that is told apart from for ever: 2,700 years.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1_000_000);

    public static NpgsqlBatchCommand Text(this NpgsqlBatchCommand command, string? value) => command.Raw(value is null ? null : StoredText.Write(value));

    /// <summary>Text that is known to hold nothing that PostgreSQL cannot keep.</summary>
    public static NpgsqlBatchCommand Raw(this NpgsqlBatchCommand command, string? value) => command.AddReference(NpgsqlDbType.Text, value);

    public static NpgsqlBatchCommand Texts(this NpgsqlBatchCommand command, string?[] values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = values[i] is { } value ? StoredText.Write(value) : null;

        return command.RawTexts(values);
    }

    public static NpgsqlBatchCommand RawTexts(this NpgsqlBatchCommand command, string?[] values) => command.AddReference(NpgsqlDbType.Array | NpgsqlDbType.Text, values);

    public static NpgsqlBatchCommand Bytes(this NpgsqlBatchCommand command, ReadOnlyMemory<byte> value) => command.Add(NpgsqlDbType.Bytea, value);

    public static NpgsqlBatchCommand Bodies(this NpgsqlBatchCommand command, ReadOnlyMemory<byte>[] values) => command.Add(NpgsqlDbType.Array | NpgsqlDbType.Bytea, values);

    public static NpgsqlBatchCommand Flag(this NpgsqlBatchCommand command, bool? value) => command.AddValue(NpgsqlDbType.Boolean, value);

    public static NpgsqlBatchCommand Flags(this NpgsqlBatchCommand command, bool[] values) => command.Add(NpgsqlDbType.Array | NpgsqlDbType.Boolean, values);

    public static NpgsqlBatchCommand Int(this NpgsqlBatchCommand command, int value) => command.Add(NpgsqlDbType.Integer, value);

    public static NpgsqlBatchCommand Ints(this NpgsqlBatchCommand command, int[] values) => command.Add(NpgsqlDbType.Array | NpgsqlDbType.Integer, values);

    public static NpgsqlBatchCommand Long(this NpgsqlBatchCommand command, long value) => command.Add(NpgsqlDbType.Bigint, value);

    public static NpgsqlBatchCommand Longs(this NpgsqlBatchCommand command, long[]? values) => command.AddReference(NpgsqlDbType.Array | NpgsqlDbType.Bigint, values);

    public static NpgsqlBatchCommand Hash(this NpgsqlBatchCommand command, Guid? value) => command.AddValue(NpgsqlDbType.Uuid, value);

    public static NpgsqlBatchCommand Hashes(this NpgsqlBatchCommand command, Guid[] values) => command.Add(NpgsqlDbType.Array | NpgsqlDbType.Uuid, values);

    public static NpgsqlBatchCommand Hashes(this NpgsqlBatchCommand command, Guid?[] values) => command.Add(NpgsqlDbType.Array | NpgsqlDbType.Uuid, values);

    public static NpgsqlBatchCommand Time(this NpgsqlBatchCommand command, DateTimeOffset? value) =>
        command.AddValue(NpgsqlDbType.TimestampTz, value is { } at ? Ceiling(at) : (DateTime?)null);

    public static NpgsqlBatchCommand Times(this NpgsqlBatchCommand command, DateTimeOffset?[] values) => command.Add(
        NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, Array.ConvertAll(values, value => value is { } at ? Ceiling(at) : (DateTime?)null));

    /// <summary>A duration in microseconds, rounded up, so that nothing is due early; bounded, so that no time overflows.</summary>
    public static NpgsqlBatchCommand Duration(this NpgsqlBatchCommand command, TimeSpan? value) =>
        command.AddValue(NpgsqlDbType.Bigint, value is { } duration ? Microseconds(duration) : (long?)null);

    public static NpgsqlBatchCommand Durations(this NpgsqlBatchCommand command, IEnumerable<TimeSpan> values) =>
        command.Longs([.. values.Select(Microseconds)]);

    public static string? Text(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : StoredText.Read(reader.GetString(column));

    public static DateTimeOffset Time(this NpgsqlDataReader reader, int column) => new(reader.GetFieldValue<DateTime>(column));

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Time(column);

    /// <summary>The 16 bytes of a key as the database's most compact type for them.</summary>
    public static Guid ToHash(this InboxKey key)
    {
        Span<byte> bytes = stackalloc byte[InboxKey.Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, key.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], key.Low);
        return new Guid(bytes, bigEndian: true);
    }

    private static long Microseconds(TimeSpan duration) =>
        duration >= Longest ? Longest.Ticks / TimeSpan.TicksPerMicrosecond
        : duration <= -Longest ? -Longest.Ticks / TimeSpan.TicksPerMicrosecond
        : (long)Math.Ceiling((decimal)duration.Ticks / TimeSpan.TicksPerMicrosecond);

    // PostgreSQL keeps microseconds; what is left is rounded up, so that nothing is due early.
    private static DateTime Ceiling(DateTimeOffset at)
    {
        var rest = at.UtcTicks % TimeSpan.TicksPerMicrosecond;
        return rest == 0 || at.UtcTicks > DateTime.MaxValue.Ticks - TimeSpan.TicksPerMicrosecond
            ? at.UtcDateTime
            : at.UtcDateTime.AddTicks(TimeSpan.TicksPerMicrosecond - rest);
    }

    private static NpgsqlBatchCommand AddReference<T>(this NpgsqlBatchCommand command, NpgsqlDbType type, T? value)
        where T : class => value is null ? command.AddNull(type) : command.Add(type, value);

    private static NpgsqlBatchCommand AddValue<T>(this NpgsqlBatchCommand command, NpgsqlDbType type, T? value)
        where T : struct => value is { } given ? command.Add(type, given) : command.AddNull(type);

    private static NpgsqlBatchCommand AddNull(this NpgsqlBatchCommand command, NpgsqlDbType type)
    {
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = DBNull.Value });
        return command;
    }

    private static NpgsqlBatchCommand Add<T>(this NpgsqlBatchCommand command, NpgsqlDbType type, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { NpgsqlDbType = type, TypedValue = value });
        return command;
    }
}
