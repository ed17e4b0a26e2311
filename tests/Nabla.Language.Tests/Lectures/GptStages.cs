using Nabla.Nn;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The stages of the GPT lecture's model at width 32 and context 8, each one change further than the one before.</summary>
internal static class GptStages
{
    private const int Width = 32;
    private const int Context = 8;
    private const int Heads = 4;

    public static LectureGpt Bigram(RandomGenerator random) => new(random);

    public static LectureGpt Embedding(RandomGenerator random) => new(Width, Context, random, positions: false);

    public static LectureGpt Positions(RandomGenerator random) => new(Width, Context, random);

    public static LectureGpt OneHead(RandomGenerator random) => With(random, random => new LectureHead(Width, Width, Context, random));

    public static LectureGpt FourHeads(RandomGenerator random)
        => With(random, random => new LectureMultiHead(Width, Heads, Context, random, project: false));

    public static LectureGpt FeedForward(RandomGenerator random) => With(random, random => new Sequential(
        new LectureMultiHead(Width, Heads, Context, random, project: false), new LectureFeedForward(Width, 1, random)));

    public static LectureGpt Blocks(RandomGenerator random) => With(random, random => Blocks(BlockForm.Plain, random));

    public static LectureGpt Residual(RandomGenerator random) => With(random, random => Blocks(BlockForm.Residual, random));

    public static LectureGpt Norms(RandomGenerator random) => With(random, random => Blocks(BlockForm.Normalised, random));

    public static LectureGpt LastNorm(RandomGenerator random)
        => With(random, random => new Sequential(Blocks(BlockForm.Normalised, random), new LayerNorm(Width)));

    /// <summary>The final form at any size, with a last norm.</summary>
    public static LectureGpt Final(int width, int heads, int layers, int context, RandomGenerator random, float? scale = null)
        => new(width, context, random, random => new Sequential(
            Blocks(layers, () => new LectureBlock(width, heads, context, BlockForm.Normalised, random, scale)), new LayerNorm(width)));

    private static LectureGpt With(RandomGenerator random, Func<RandomGenerator, Layer> body) => new(Width, Context, random, body);

    private static Sequential Blocks(BlockForm form, RandomGenerator random)
        => Blocks(3, () => new LectureBlock(Width, Heads, Context, form, random));

    private static Sequential Blocks(int count, Func<Layer> block) => new([.. Enumerable.Range(0, count).Select(_ => block())]);
}
