using System.Globalization;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace Reliability;

/// <summary>
/// A received header's value as text, whatever AMQP type a stranger gave it, so that no header is lost: bytes that are not UTF-8 in hexadecimal, tables and
/// arrays (a broker's own <c>x-death</c>) as JSON.
/// </summary>
internal static class HeaderText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Null for a header without a value.</summary>
    public static string? Read(object? value) => value switch
    {
        null => null,
        string text => text,
        byte[] bytes => ReadBytes(bytes),
        bool flag => flag ? "true" : "false",
        AmqpTimestamp time => ReadTime(time),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => ReadNested(value),
    };

    private static string ReadBytes(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return "0x" + Convert.ToHexString(bytes);
        }
    }

    private static string ReadTime(AmqpTimestamp time) =>
        time.UnixTime is >= -62_135_596_800 and <= 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds(time.UnixTime).ToString("O", CultureInfo.InvariantCulture)
            : time.UnixTime.ToString(CultureInfo.InvariantCulture);

    private static string ReadNested(object value)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, value);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case IDictionary<string, object?> table:
                json.WriteStartObject();
                foreach (var (name, entry) in table)
                {
                    json.WritePropertyName(name);
                    Write(json, entry);
                }

                json.WriteEndObject();
                break;
            case IEnumerable<object?> array:
                json.WriteStartArray();
                foreach (var entry in array)
                {
                    Write(json, entry);
                }

                json.WriteEndArray();
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case null:
                json.WriteNullValue();
                break;
            default:
                // What an array or table may hold beside these has a text; a type that the client adds one day has its name.
                json.WriteStringValue(value is string or byte[] or AmqpTimestamp or IFormattable ? Read(value) : value.ToString());
                break;
        }
    }
}
