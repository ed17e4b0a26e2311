using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Nabla.Tokenizers.Tests;

/// <summary>What stands in the fixtures for lists of ids too long to be stored; their scripts compute the same.</summary>
internal static class IdsHash
{
    /// <summary>16 digits of the SHA-256 of: for each list its length, then its numbers, as int32, little-endian.</summary>
    public static string Of(IEnumerable<int[]> lists)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (int[] list in lists)
        {
            var bytes = new byte[(list.Length + 1) * sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, list.Length);
            for (var index = 0; index < list.Length; index++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan((index + 1) * sizeof(int)), list[index]);
            }

            digest.AppendData(bytes);
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset())[..16];
    }
}
