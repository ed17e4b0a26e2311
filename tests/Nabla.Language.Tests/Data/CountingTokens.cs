using Nabla.Language.Data;

namespace Nabla.Language.Tests.Data;

/// <summary>A stream of any length that takes no memory: each id is its place, modulo a number.</summary>
internal sealed class CountingTokens(long length, int modulo = 50_257) : TokenSequence
{
    public override long Length => length;

    protected override void Copy(long position, Span<int> ids)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = (int)((position + i) % modulo);
        }
    }
}
