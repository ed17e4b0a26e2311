using System.Text;

namespace Nabla.Tests.IO;

/// <summary>Safetensors files that the writer would not write.</summary>
internal static class RawSafetensors
{
    public static byte[] Bytes(string header, byte[] data) => Bytes(Encoding.UTF8.GetBytes(header), data);

    public static byte[] Bytes(byte[] header, byte[] data) =>
        [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. data];

    public static void Write(string path, string header, byte[] data) => File.WriteAllBytes(path, Bytes(header, data));
}
