using System.IO.MemoryMappedFiles;

namespace Nabla.Language.Data;

/// <summary>
/// The tokens of a file that is mapped into memory: the operating system reads the pages that are asked for, keeps them while there
/// is room, and lets several processes share them.
/// </summary>
/// <remarks>
/// Who prepares a folder again replaces its files and writes into none, and a replaced file lives on while it is mapped. Cutting a
/// mapped file short in place would end the process at the next read beyond its end; that is not done by anything here.
/// </remarks>
internal sealed class MappedTokens : TokenSequence
{
    private const int PieceTokens = 1024;

    private readonly TokenFile _file;
    private readonly MemoryMappedViewAccessor _view;

    /// <summary>Maps a file.</summary>
    /// <exception cref="DataFileException">The file cannot be mapped.</exception>
    public MappedTokens(TokenFile file)
    {
        _file = file;
        try
        {
            // The view outlives the objects that it is made from, and goes with its own safe handle.
            using FileStream stream = new(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0);
            using var map = MemoryMappedFile.CreateFromFile(
                stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException($"{file.Path} cannot be mapped into memory: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public override long Length => _file.Count;

    /// <inheritdoc/>
    protected override void Copy(long position, Span<int> ids)
    {
        ulong place = (ulong)(_view.PointerOffset + _file.DataStart + (position * _file.TokenBytes));
        if (_file.TokenBytes == sizeof(int))
        {
            _view.SafeMemoryMappedViewHandle.ReadSpan(place, ids);
            return;
        }

        Span<ushort> stored = stackalloc ushort[PieceTokens];
        while (!ids.IsEmpty)
        {
            stored = stored[..Math.Min(stored.Length, ids.Length)];
            _view.SafeMemoryMappedViewHandle.ReadSpan(place, stored);
            for (int i = 0; i < stored.Length; i++)
            {
                ids[i] = stored[i];
            }

            ids = ids[stored.Length..];
            place += (ulong)stored.Length * sizeof(ushort);
        }
    }
}
