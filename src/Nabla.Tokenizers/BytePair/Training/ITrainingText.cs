namespace Nabla.Tokenizers;

/// <summary>Receives the blocks of a training text and makes of them what merging begins with.</summary>
internal interface ITrainingText
{
    /// <summary>The bytes received, without special tokens.</summary>
    long ByteCount { get; }

    /// <summary>The chunks received.</summary>
    long ChunkCount { get; }

    /// <summary>The different chunks received; known after <see cref="Finish"/>.</summary>
    int DistinctChunkCount { get; }

    /// <summary>Takes the next block.</summary>
    void Take(TextBlock block);

    /// <summary>The whole text, ready for merging.</summary>
    /// <param name="tokenLimit">One more than the highest id that there will be.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    SymbolSequence Finish(int tokenLimit, CancellationToken cancellationToken);
}
