using System.Text;

namespace Nabla.Benchmarks;

/// <summary>
/// The texts that encoding is timed on. They are written to files, so that the peers read the very same bytes.
/// </summary>
internal static class EncodeTexts
{
    /// <summary>A sentence in each of several scripts, written for this purpose: "The river rises in the mountains, ..."</summary>
    private static readonly string[] _sentences =
    [
        "Der Fluss entspringt in den Bergen, und im Frühling führt er mehr Wasser als in jedem anderen Monat.",
        "La rivière prend sa source dans les montagnes; après l'été, elle n'est plus qu'un filet d'eau.",
        "Река начинается в горах, и весной в ней больше воды, чем в любое другое время года.",
        "Ο ποταμός πηγάζει από τα βουνά και την άνοιξη έχει περισσότερο νερό από κάθε άλλη εποχή.",
        "河流发源于山区，春天的水量比一年中任何时候都多。孩子们在岸边放风筝，老人坐在树下喝茶。",
        "川は山に源を発し、春には一年のどの時期よりも水が多くなります。子どもたちは岸で凧をあげます。",
        "강은 산에서 시작하여 봄에는 일 년 중 어느 때보다 물이 많습니다. 아이들은 강가에서 연을 날립니다.",
        "ينبع النهر من الجبال، وفي الربيع يكون ماؤه أكثر من أي وقت آخر في السنة.",
        "नदी पहाड़ों से निकलती है और वसंत में उसमें साल के किसी भी समय से अधिक पानी होता है।",
        "แม่น้ำเกิดจากภูเขา และในฤดูใบไม้ผลิมีน้ำมากกว่าช่วงเวลาอื่นของปี",
    ];

    /// <summary>Makes the texts: name and content, each of about the same size.</summary>
    /// <param name="bytes">The size in UTF-8; more by at most one part.</param>
    public static IEnumerable<(string Name, string Text)> Make(int bytes)
    {
        yield return ("prose", Repeat(bytes, [ReadData("tinyshakespeare.txt"), ReadData("taylorswift.txt")]));
        yield return ("code", Repeat(bytes, [.. SourceFiles()]));
        yield return ("other scripts", Repeat(bytes, [.. Paragraphs()]));
    }

    /// <summary>Texts that make a careless tokenizer quadratic: one chunk without an end, or a run without one.</summary>
    public static IEnumerable<(string Name, string Text)> MakeHard(int length)
    {
        yield return ("equal letters", new string('a', length));
        yield return ("spaces", new string(' ', length));
        var random = new Random(1);
        yield return ("random letters", string.Create(length, random, static (letters, source) =>
        {
            for (var index = 0; index < letters.Length; index++)
            {
                letters[index] = (char)('a' + source.Next(26));
            }
        }));
    }

    private static string ReadData(string name)
    {
        var folder = Environment.GetEnvironmentVariable("NABLA_DATA");
        return string.IsNullOrEmpty(folder)
            ? throw new InvalidOperationException($"Set NABLA_DATA to the folder that holds {name}.")
            : File.ReadAllText(Path.Combine(folder, name));
    }

    // This library's own source, as it is in the repository that the benchmark was built from.
    private static IEnumerable<string> SourceFiles()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Nabla.slnx")))
        {
            folder = folder.Parent;
        }

        return Directory
            .EnumerateFiles(Path.Combine(folder?.FullName ?? ".", "src"), "*.cs", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllText);
    }

    // Sentences in an order that does not repeat, as paragraphs of one language each.
    private static IEnumerable<string> Paragraphs()
    {
        var random = new Random(2);
        for (var paragraph = 0; paragraph < 1000; paragraph++)
        {
            var sentence = _sentences[random.Next(_sentences.Length)];
            string[] words = sentence.Split(' ');
            random.Shuffle(words);
            yield return sentence + "\n" + string.Join(' ', words) + "\n\n";
        }
    }

    private static string Repeat(int bytes, string[] parts)
    {
        var text = new StringBuilder();
        var length = 0;
        for (var index = 0; length < bytes; index = (index + 1) % parts.Length)
        {
            text.Append(parts[index]);
            length += Encoding.UTF8.GetByteCount(parts[index]);
        }

        return text.ToString();
    }
}
