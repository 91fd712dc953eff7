using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Reliability;

/// <summary>Ids of outgoing messages.</summary>
internal static class MessageIds
{
    /// <summary>A new id, for a message that no handler sends: a UUIDv7 (RFC 9562), so that ids sort by time.</summary>
    public static string New(TimeProvider time)
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        var milliseconds = time.GetUtcNow().ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(milliseconds >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], (uint)milliseconds);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true).ToString("D");
    }

    /// <summary>
    /// The id of the n-th message that a handler sends for an operation: the same whenever that operation runs again, so the next inbox drops what
    /// was sent twice.
    /// </summary>
    public static string Derived(string consumer, string dedupeKey, int ordinal)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{consumer}\n{ordinal}\n{dedupeKey}"), hash);
        return new Guid(hash[..16], bigEndian: true).ToString("D");
    }
}
