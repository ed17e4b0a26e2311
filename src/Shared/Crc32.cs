namespace Nabla.Files;

/// <summary>The checksum of zip and PNG files, CRC-32 as in RFC 1952: .NET reads the one of a zip, but does not compare it.</summary>
/// <remarks>Compiled into each project that needs it, so that none depends on another for it.</remarks>
internal static class Crc32
{
    private static readonly uint[] _table = [.. Enumerable.Range(0, 256).Select(value => Remainder((uint)value))];

    /// <summary>Returns the checksum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum = _table[(byte)sum ^ value] ^ (sum >> 8);
        }

        return ~sum;
    }

    private static uint Remainder(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            value = (value >> 1) ^ ((value & 1) * 0xEDB8_8320);
        }

        return value;
    }
}
