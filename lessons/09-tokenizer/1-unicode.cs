#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// A string is a sequence of code points; a file is a sequence of bytes. What lies between, and which of the two should a
// language model see?

using System.Text;

const string greeting = "안녕하세요 👋 (hello in Korean!)";

int[] codePoints = [.. greeting.EnumerateRunes().Select(rune => rune.Value)];
Console.WriteLine(greeting);
Console.WriteLine($"{codePoints.Length} code points: {string.Join(' ', codePoints)}");
Console.WriteLine($"h = {(int)'h'}, 안 = {(int)'안'}, 👋 = {char.ConvertToUtf32("👋", 0)}, and back: {new Rune(128075)}");
Console.WriteLine();

// The same text as three encodings write it. .NET's own strings are UTF-16, so string.Length counts none of these.
Console.WriteLine($"string.Length: {greeting.Length}");
Print("UTF-8", new UTF8Encoding(false));
Print("UTF-16", new UnicodeEncoding(bigEndian: false, byteOrderMark: true));
Print("UTF-32", new UTF32Encoding(bigEndian: false, byteOrderMark: true));
Console.WriteLine();

// UTF-8 takes one to four bytes for a code point, and the first byte says how many.
foreach (string character in (string[])["h", "é", "안", "👋"])
{
    byte[] bytes = Encoding.UTF8.GetBytes(character);
    Console.WriteLine($"{character}  {bytes.Length} byte(s)  {string.Join(' ', bytes.Select(value => $"{value:b8}"))}");
}

void Print(string name, Encoding encoding)
{
    byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(greeting)];
    Console.WriteLine($"{name}: {bytes.Length} bytes: {string.Join(' ', bytes.Take(40))}{(bytes.Length > 40 ? " ..." : "")}");
}
