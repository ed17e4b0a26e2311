using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Nabla.IO;
using Nabla.Tokenizers;

namespace Nabla.Language.Data;

/// <summary>A file of tokens, npy or llm.c's: where in it they lie, and how many.</summary>
/// <param name="Path">The file.</param>
/// <param name="DataStart">The place of the first token in it.</param>
/// <param name="TokenBytes">The bytes of each, 2 or 4, the lowest first.</param>
/// <param name="Count">The number of tokens; the file is just long enough for them.</param>
internal sealed record TokenFile(string Path, long DataStart, int TokenBytes, int Count)
{
    private const int PieceBytes = 1 << 20;

    /// <summary>Reads what a file says of its tokens, and none of them.</summary>
    /// <exception cref="DataFileException">The file is missing, damaged or holds no tokens.</exception>
    public static TokenFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Guarded(path, () => System.IO.Path.GetExtension(path) == ".npy" ? OpenNpy(path) : LlmcTokenFile.Open(path));
    }

    /// <summary>Checks files, as many at once as there are threads.</summary>
    /// <returns>The SHA-256 of each, in hexadecimal.</returns>
    /// <inheritdoc cref="Check(int)"/>
    public static string[] Check(IReadOnlyList<TokenFile> files, int vocabularySize)
    {
        string[] hashes = new string[files.Count];
        OrderedParallel.Run(files.Count, index => hashes[index] = files[index].Check(vocabularySize), CancellationToken.None);
        return hashes;
    }

    /// <summary>Reads the file once from end to end, so that what is wrong with it shows now and not after days.</summary>
    /// <param name="vocabularySize">What every token must be below.</param>
    /// <returns>The SHA-256 of the file, in hexadecimal.</returns>
    /// <exception cref="DataFileException">A token is not of the vocabulary, or the file cannot be read.</exception>
    public string Check(int vocabularySize) => Guarded(Path, () =>
    {
        using FileStream file = new(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[PieceBytes];
        file.ReadExactly(buffer.AsSpan(0, (int)DataStart));
        hash.AppendData(buffer.AsSpan(0, (int)DataStart));
        long bytes = (long)Count * TokenBytes;
        for (long done = 0; done < bytes;)
        {
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(PieceBytes, bytes - done));
            file.ReadExactly(piece);
            hash.AppendData(piece);
            CheckTokens(piece, done / TokenBytes, (uint)vocabularySize);
            done += piece.Length;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    });

    private static TokenFile OpenNpy(string path)
    {
        NpyLayout layout = NpyFile.ReadLayout(path);
        int tokenBytes = layout.Type switch
        {
            TensorFileType.U16 => sizeof(ushort),
            TensorFileType.U32 or TensorFileType.I32 => sizeof(uint),
            _ => 0,
        };
        bool isOfTokens = tokenBytes > 0 && !layout.IsBigEndian && layout.Shape.Rank == 1;
        return isOfTokens ? new TokenFile(path, layout.DataStart, tokenBytes, layout.Shape.Count) : throw new DataFileException(
            $"{path} holds {layout.Type} of shape {layout.Shape}{(layout.IsBigEndian ? ", highest byte first" : "")}; tokens are uint16 or "
            + "uint32 of one dimension: write it again with numpy.save(path, tokens.ravel().astype('<u2')).");
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (TensorFileException error)
        {
            throw new DataFileException(error.Message, error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFileException($"{path} does not exist: prepare the folder again.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException($"{path} cannot be read: {error.Message}", error);
        }
    }

    private void CheckTokens(ReadOnlySpan<byte> piece, long first, uint vocabularySize)
    {
        ReadOnlySpan<ushort> narrow = MemoryMarshal.Cast<byte, ushort>(piece);
        ReadOnlySpan<uint> wide = MemoryMarshal.Cast<byte, uint>(piece);
        int wrong = TokenBytes == sizeof(uint) ? wide.IndexOfAnyInRange(vocabularySize, uint.MaxValue)
            : vocabularySize <= ushort.MaxValue ? narrow.IndexOfAnyInRange((ushort)vocabularySize, ushort.MaxValue)
            : -1;
        if (wrong >= 0)
        {
            uint token = TokenBytes == sizeof(uint) ? wide[wrong] : narrow[wrong];
            throw new DataFileException(string.Create(CultureInfo.InvariantCulture,
                $"{Path}: token {token} at place {first + wrong} is not below the vocabulary of {vocabularySize}."));
        }
    }
}
