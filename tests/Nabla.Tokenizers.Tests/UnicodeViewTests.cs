using System.Text;

namespace Nabla.Tokenizers.Tests;

/// <summary>What .NET shows of a text before any tokenizer is built: code points and the three encodings, as a lesson prints them.</summary>
public sealed class UnicodeViewTests
{
    private const string Greeting = "안녕하세요 👋 (hello in Korean!)";

    [Fact]
    [Trait("Number", "L09-005")]
    public void A_rune_is_a_code_point_and_back()
    {
        Assert.Equal([104, 128075, 50504], "h👋안".EnumerateRunes().Select(rune => rune.Value));
        Assert.Equal("h👋안", string.Concat(new Rune(104), new Rune(128075), new Rune(50504)));
    }

    [Fact]
    [Trait("Number", "L09-006")]
    public void A_text_is_a_sequence_of_code_points() => Assert.Equal(
        [50504, 45397, 54616, 49464, 50836, 32, 128075, 32, 40, 104, 101, 108, 108, 111, 32, 105, 110, 32, 75, 111, 114, 101, 97, 110, 33, 41],
        Greeting.EnumerateRunes().Select(rune => rune.Value));

    [Fact]
    [Trait("Number", "L09-007")]
    public void Several_characters_are_no_code_point()
    {
        Assert.Throws<InvalidOperationException>(() => "hi".EnumerateRunes().Single());
        Assert.False(Rune.TryCreate('h', 'i', out _));
    }

    [Fact]
    [Trait("Number", "L09-008")]
    public void Utf8_writes_a_code_point_in_one_to_four_bytes() => Assert.Equal(
        [236, 149, 136, 235, 133, 149, 237, 149, 152, 236, 132, 184, 236, 154, 148, 32, 240, 159, 145, 139, 32, 40, 104, 101, 108,
            108, 111, 32, 105, 110, 32, 75, 111, 114, 101, 97, 110, 33, 41],
        Encoding.UTF8.GetBytes(Greeting));

    [Fact]
    [Trait("Number", "L09-009")]
    public void Utf16_and_Utf32_are_longer()
    {
        byte[] utf16 = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Greeting)];
        byte[] utf32 = [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes(Greeting)];
        Assert.Equal(56, utf16.Length);
        Assert.Equal(108, utf32.Length);
        Assert.Equal([255, 254, 72, 197, 85, 177, 88, 213], utf16[..8]);
        Assert.Equal([255, 254, 0, 0, 72, 197, 0, 0, 85, 177, 0, 0], utf32[..12]);
    }

    [Fact]
    [Trait("Number", "L09-010")]
    public void Utf16_and_Utf32_are_mostly_zeros_for_ascii()
    {
        const string Tail = "(hello in Korean!)";
        Assert.EndsWith(Tail, Greeting, StringComparison.Ordinal);
        Assert.Equal(Tail.SelectMany(unit => new[] { (byte)unit, (byte)0 }), Encoding.Unicode.GetBytes(Greeting)[^(2 * Tail.Length)..]);
        Assert.Equal(Tail.SelectMany(unit => new byte[] { (byte)unit, 0, 0, 0 }), Encoding.UTF32.GetBytes(Greeting)[^(4 * Tail.Length)..]);
    }

    [Fact]
    [Trait("Number", "L09-011")]
    public void Utf8_grows_with_the_code_point_and_leaves_ascii_as_it_is()
    {
        Assert.Equal([1, 2, 3, 4], "hé안👋".EnumerateRunes().Select(rune => rune.Utf8SequenceLength));
        Assert.Equal(Enumerable.Range(0, 128).Select(value => (byte)value),
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 128).Select(value => (char)value))));
    }

    [Fact]
    [Trait("Number", "L09-012")]
    public void Each_byte_has_one_role_in_utf8()
    {
        Assert.Equal([128, 64, 30, 16, 5, 13], Enum.GetValues<Role>()
            .Select(role => Enumerable.Range(0, 256).Count(value => RoleOf((byte)value) == role)));
        Assert.Equal(Role.Continuation, RoleOf(128));
    }

    private enum Role
    {
        Ascii,
        Continuation,
        LeadOfTwo,
        LeadOfThree,
        LeadOfFour,
        Never,
    }

    // Asked of .NET: a lead is a byte that some continuation makes a character, of as many bytes as it takes.
    private static Role RoleOf(byte value)
    {
        for (var length = 1; length <= 4; length++)
        {
            for (var second = 0x80; second <= 0xBF; second++)
            {
                byte[] bytes = [value, (byte)second, 0x80, 0x80];
                if (Rune.DecodeFromUtf8(bytes.AsSpan(0, length), out _, out var consumed) == System.Buffers.OperationStatus.Done
                    && consumed == length)
                {
                    return length switch { 1 => Role.Ascii, 2 => Role.LeadOfTwo, 3 => Role.LeadOfThree, _ => Role.LeadOfFour };
                }
            }
        }

        // What is left begins no character; it may stand behind one that does.
        return Rune.DecodeFromUtf8([0xC2, value], out _, out _) == System.Buffers.OperationStatus.Done ? Role.Continuation : Role.Never;
    }
}
