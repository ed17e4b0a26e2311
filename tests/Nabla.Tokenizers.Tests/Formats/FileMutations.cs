using FsCheck;
using FsCheck.Fluent;

namespace Nabla.Tokenizers.Tests.Formats;

/// <summary>Damages valid files in the ways in which files are damaged: cut, flipped, inserted into, and repeated.</summary>
internal static class FileMutations
{
    private static readonly int[] _telling = [.. "\"\\{}[]:, \t\r\n0123456789-+.eau#=/"u8.ToArray().Select(value => (int)value), 0, 0xC3, 0xE2, 0xED, 0xFF];

    private enum Kind
    {
        Cut,
        Flip,
        Insert,
        Repeat,
        Remove,
    }

    /// <summary>A few changes to a valid file.</summary>
    public static Gen<byte[]> Of(byte[] valid)
    {
        Gen<(Kind Kind, int Place, int Length, byte Value)> change =
            from kind in Gen.Elements(Kind.Flip, Kind.Flip, Kind.Insert, Kind.Insert, Kind.Repeat, Kind.Remove, Kind.Cut)
            from place in Gen.Choose(0, int.MaxValue)
            from length in Gen.Choose(1, 40)
            from value in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(_telling))
            select (kind, place, length, (byte)value);
        return from count in Gen.Choose(1, 4)
               from changes in change.ListOf(count)
               select changes.Aggregate(valid, Apply);
    }

    private static byte[] Apply(byte[] content, (Kind Kind, int Place, int Length, byte Value) change)
    {
        if (content.Length == 0)
        {
            return [change.Value];
        }

        var place = change.Place % content.Length;
        var end = Math.Min(content.Length, place + change.Length);
        return change.Kind switch
        {
            Kind.Cut => content[..place],
            Kind.Flip => [.. content[..place], change.Value, .. content[(place + 1)..]],
            Kind.Insert => [.. content[..place], change.Value, .. content[place..]],
            Kind.Repeat => [.. content[..end], .. content[place..]],
            _ => [.. content[..place], .. content[end..]],
        };
    }
}
