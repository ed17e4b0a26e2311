namespace Nabla.Tokenizers;

/// <summary>Cuts a normalised text into pieces.</summary>
internal interface IPieceEncoder
{
    /// <summary>Cuts a text, all of it, and hands the pieces over in order.</summary>
    void Encode(ReadOnlySpan<byte> text, ref PieceSink sink);
}
