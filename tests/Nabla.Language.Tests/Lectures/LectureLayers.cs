using Nabla.Nn;

namespace Nabla.Language.Tests.Lectures;

/// <summary>One head of the GPT lecture. The mask is a buffer, made for the whole context and cut for shorter sequences.</summary>
internal sealed class LectureHead : Layer
{
    private readonly Linear _key;
    private readonly Linear _query;
    private readonly Linear _value;
    private readonly Dropout _dropout;
    private readonly Tensor _future;
    private readonly float _scale;

    /// <param name="width">The size of what comes in.</param>
    /// <param name="size">The size of queries, keys and values.</param>
    /// <param name="context">The largest number of places.</param>
    /// <param name="random">Where weights are drawn from.</param>
    /// <param name="dropout">The share of weights that is dropped.</param>
    /// <param name="scale">What scores are multiplied by; null for one over the root of the size.</param>
    public LectureHead(int width, int size, int context, RandomGenerator random, float dropout = 0, float? scale = null)
    {
        _key = AddModule("key", new Linear(width, size, bias: false, random));
        _query = AddModule("query", new Linear(width, size, bias: false, random));
        _value = AddModule("value", new Linear(width, size, bias: false, random));
        _dropout = AddModule("dropout", new Dropout(dropout, random));
        _future = AddBuffer("future", Tensor.Ones(context, context).Triu(1));
        _scale = scale ?? 1 / MathF.Sqrt(size);
    }

    public override Tensor Forward(Tensor x) => Forward(x, x, masked: true);

    /// <summary>Cross-attention where the two differ: queries of the one, keys and values of the other.</summary>
    public Tensor Forward(Tensor asking, Tensor asked, bool masked)
    {
        Tensor scores = _query.Forward(asking).MatMul(_key.Forward(asked).Transpose(-2, -1)) * _scale;
        int length = asking.Shape[1];
        scores = masked ? scores.MaskedFill(_future[..length, ..length], float.NegativeInfinity) : scores;
        return _dropout.Forward(scores.Softmax(-1)).MatMul(_value.Forward(asked));
    }
}

/// <summary>Heads side by side, joined; from the stage with residuals on projected too.</summary>
internal sealed class LectureMultiHead : Layer
{
    private readonly ModuleList<LectureHead> _heads;
    private readonly Linear? _projection;

    public LectureMultiHead(int width, int heads, int context, RandomGenerator random, bool project = true, float? scale = null)
    {
        _heads = AddModule("heads", new ModuleList<LectureHead>(
            Enumerable.Range(0, heads).Select(_ => new LectureHead(width, width / heads, context, random, scale: scale))));
        _projection = project ? AddModule("projection", new Linear(width, width, random: random)) : null;
    }

    public override Tensor Forward(Tensor x)
    {
        Tensor joined = Tensor.Cat([.. _heads.Select(head => head.Forward(x))], dim: -1);
        return _projection?.Forward(joined) ?? joined;
    }
}

/// <summary>The layers of one place: one with ReLU, or, of factor 4, one four times as wide with ReLU and one back.</summary>
internal sealed class LectureFeedForward : Layer
{
    private readonly Linear _up;
    private readonly Linear? _down;

    public LectureFeedForward(int width, int factor, RandomGenerator random)
    {
        _up = AddModule("up", new Linear(width, factor * width, random: random));
        _down = factor > 1 ? AddModule("down", new Linear(factor * width, width, random: random)) : null;
    }

    public override Tensor Forward(Tensor x)
    {
        Tensor hidden = _up.Forward(x).Relu();
        return _down?.Forward(hidden) ?? hidden;
    }
}

/// <summary>What a block of a stage has.</summary>
internal enum BlockForm
{
    /// <summary>Attention, then the layers of one place.</summary>
    Plain,

    /// <summary>Both add to what comes in, and end with a projection.</summary>
    Residual,

    /// <summary>And both read it normalised.</summary>
    Normalised,
}

/// <summary>A block of the GPT lecture in one of its forms.</summary>
internal sealed class LectureBlock : Layer
{
    private readonly LectureMultiHead _attention;
    private readonly LectureFeedForward _feedForward;
    private readonly LayerNorm? _norm1;
    private readonly LayerNorm? _norm2;
    private readonly BlockForm _form;

    public LectureBlock(int width, int heads, int context, BlockForm form, RandomGenerator random, float? scale = null)
    {
        bool residual = form != BlockForm.Plain;
        _form = form;
        _attention = AddModule("attention", new LectureMultiHead(width, heads, context, random, residual, scale));
        _feedForward = AddModule("feedForward", new LectureFeedForward(width, residual ? 4 : 1, random));
        _norm1 = form == BlockForm.Normalised ? AddModule("norm1", new LayerNorm(width)) : null;
        _norm2 = form == BlockForm.Normalised ? AddModule("norm2", new LayerNorm(width)) : null;
    }

    public override Tensor Forward(Tensor x)
    {
        if (_form == BlockForm.Plain)
        {
            return _feedForward.Forward(_attention.Forward(x));
        }

        x += _attention.Forward(_norm1?.Forward(x) ?? x);
        return x + _feedForward.Forward(_norm2?.Forward(x) ?? x);
    }
}
