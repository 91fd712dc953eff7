using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Reliability;

/// <summary>
/// The 16 bytes that stand for a dedupe key in the inbox: the first half of the SHA-256 of its text. A cryptographic hash, since senders choose the
/// text: nobody can make two operations collide.
/// </summary>
/// <param name="High">The first eight bytes, big-endian.</param>
/// <param name="Low">The last eight bytes, big-endian.</param>
public readonly record struct InboxKey(ulong High, ulong Low)
{
    /// <summary>How many bytes a key has.</summary>
    public const int Length = 16;

    /// <summary>Texts up to this many characters are hashed without an array; each takes three bytes at most.</summary>
    private const int Short = 128;

    /// <summary>The key of a dedupe text.</summary>
    public static InboxKey Of(string dedupeKey)
    {
        ArgumentNullException.ThrowIfNull(dedupeKey);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (dedupeKey.Length <= Short)
        {
            Span<byte> text = stackalloc byte[Short * 3];
            SHA256.HashData(text[..Encoding.UTF8.GetBytes(dedupeKey, text)], hash);
        }
        else
        {
            SHA256.HashData(Encoding.UTF8.GetBytes(dedupeKey), hash);
        }

        return new InboxKey(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));
    }

    /// <summary>The fingerprint of a body: the first eight bytes of its SHA-256.</summary>
    public static long FingerprintOf(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }

    /// <summary>The key as bytes, as a database keeps it.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), Low);
        return bytes;
    }
}
