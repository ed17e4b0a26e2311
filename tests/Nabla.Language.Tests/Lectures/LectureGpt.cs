using Nabla.Nn;

namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// The GPT lecture's model at any of its stages: token embeddings, with positions from the second stage on, a body, and a
/// layer of logits. Or its bigram table, which is all three in one. Weights are drawn in the order of the lecture's modules.
/// </summary>
internal sealed class LectureGpt : Module
{
    private readonly Embedding _tokens;
    private readonly Embedding? _positions;
    private readonly Layer? _body;
    private readonly Linear? _head;

    public LectureGpt(int width, int context, RandomGenerator random, Func<RandomGenerator, Layer>? body = null,
        bool positions = true, int vocabulary = 65)
    {
        ContextLength = context;
        _tokens = AddModule("tokens", new Embedding(vocabulary, width, random));
        _positions = positions ? AddModule("positions", new Embedding(context, width, random)) : null;
        _body = body is null ? null : AddModule("body", body(random));
        _head = AddModule("head", new Linear(width, vocabulary, random: random));
    }

    /// <summary>The bigram table: a row of logits for each character.</summary>
    public LectureGpt(RandomGenerator random, int vocabulary = 65, int context = 8)
    {
        ContextLength = context;
        _tokens = AddModule("tokens", new Embedding(vocabulary, vocabulary, random));
    }

    public int ContextLength { get; }

    /// <summary>The logits, [B, T, V] of ids [B, T].</summary>
    public Tensor Logits(IndexTensor ids)
    {
        Tensor x = _tokens.Forward(ids);
        x = _positions is null ? x : x + _positions.Forward(IndexTensor.Arange(ids.Shape[1]));
        x = _body?.Forward(x) ?? x;
        return _head?.Forward(x) ?? x;
    }

    /// <summary>As the lecture's forward: with targets the logits as rows, [B * T, V], and their loss; without, as they are.</summary>
    public (Tensor Logits, Tensor? Loss) Forward(IndexTensor ids, IndexTensor? targets = null)
    {
        Tensor logits = Logits(ids);
        if (targets is null)
        {
            return (logits, null);
        }

        Tensor rows = logits.View(-1, logits.Shape[2]);
        return (rows, rows.CrossEntropy(targets.View(-1)));
    }

    public Tensor Loss(IndexTensor ids, IndexTensor targets) => Forward(ids, targets).Loss!;

    /// <summary>Appends tokens drawn one at a time, from at most as many before them as the model has positions for.</summary>
    public IndexTensor Generate(IndexTensor ids, int count, RandomGenerator random)
    {
        using (Tensor.NoGrad())
        {
            for (int i = 0; i < count; i++)
            {
                Tensor last = Logits(ids[.., Math.Max(0, ids.Shape[1] - ContextLength)..])[.., ^1];
                ids = IndexTensor.Cat([ids, last.Softmax(-1).Multinomial(1, random)], dim: 1);
            }
        }

        return ids;
    }
}
