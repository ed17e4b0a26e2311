using Nabla.Nn;

namespace Nabla.Language;

/// <summary>
/// A GPT: a decoder-only transformer with pre-norm blocks, after Radford et al., "Language Models are Unsupervised Multitask
/// Learners", 2019. In the shapes below B is the batch, T the tokens of a row, C the width, H the heads, D = C / H and V the
/// vocabulary. Modules carry GPT-2's published names, so that its weights load by name.
/// </summary>
public sealed class Gpt : LanguageModel
{
    // The most logits at once, 64 MB.
    private const int MaxLogits = 1 << 24;

    private readonly Embedding _tokens;
    private readonly Embedding _positions;
    private readonly Dropout _dropout;
    private readonly ModuleList<Block> _blocks;
    private readonly LayerNorm _norm;
    private readonly Linear _head;
    private readonly RandomGenerator? _dropoutRandom;

    /// <summary>Creates the model.</summary>
    /// <param name="config">The sizes and options.</param>
    /// <param name="random">Where initial weights are drawn from; null for the default generator.</param>
    /// <param name="dropoutRandom">Where dropout masks are drawn from; null for the default generator.</param>
    /// <exception cref="ArgumentException">The configuration makes no model.</exception>
    public Gpt(GptConfig config, RandomGenerator? random = null, RandomGenerator? dropoutRandom = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        (Config, _dropoutRandom) = (config, dropoutRandom);
        _tokens = AddModule("wte", new Embedding(config.VocabularySize, config.Width, random));
        _positions = AddModule("wpe", new Embedding(config.ContextLength, config.Width, random));
        _dropout = AddModule("drop", new Dropout(config.Dropout, dropoutRandom));
        _blocks = AddModule("h", new ModuleList<Block>(
            Enumerable.Range(0, config.LayerCount).Select(layer => new Block(config, layer, random, dropoutRandom))));
        _norm = AddModule("ln_f", new LayerNorm(config.Width, config.Bias));
        _head = AddModule("lm_head", config.TieWeights
            ? new Linear(_tokens.Weight)
            : new Linear(config.Width, config.VocabularySize, config.HeadBias, random));
        if (config.Initialization == GptInitialization.Gpt2)
        {
            InitializeAsGpt2(random);
        }
    }

    /// <inheritdoc/>
    public override GptConfig Config { get; }

    /// <inheritdoc/>
    public override Tensor Forward(IndexTensor ids) => Forward(ids, null);

    /// <summary>Returns the logits of every next token: ids [B, T] give [B, T, V].</summary>
    /// <param name="ids">The tokens of each row, in order.</param>
    /// <param name="cache">The keys and values of the tokens before these, to which theirs are appended; null if these are the first.</param>
    /// <exception cref="ShapeException">The tokens, with those in the cache, are more than the context holds.</exception>
    public Tensor Forward(IndexTensor ids, KeyValueCache? cache)
    {
        Tensor features = Features(ids, cache);
        Tensor logits = _head.Forward(features);
        features.Release();
        return logits;
    }

    /// <inheritdoc/>
    public override Tensor Loss(IndexTensor ids, IndexTensor targets)
    {
        // Who looks on wants to see what the head puts out.
        if (_head.Bias is not null || IsObserving)
        {
            return base.Loss(ids, targets);
        }

        Tensor features = Features(ids, null);
        Tensor loss = features.LinearCrossEntropy(_head.Weight, targets);
        features.Release();
        return loss;
    }

    /// <inheritdoc/>
    public override Tensor TargetLosses(IndexTensor ids, IndexTensor places, IndexTensor targets)
        => TargetLosses(ids, places, targets, null);

    /// <inheritdoc cref="LanguageModel.TargetLosses"/>
    /// <param name="ids">The tokens of each row, in order.</param>
    /// <param name="places">[N]: places among the B T ids, counted row by row.</param>
    /// <param name="targets">[N]: the token that follows in each of the places.</param>
    /// <param name="cache">The keys and values of the tokens before these, to which theirs are appended; null if these are the first.</param>
    public Tensor TargetLosses(IndexTensor ids, IndexTensor places, IndexTensor targets, KeyValueCache? cache)
    {
        ArgumentNullException.ThrowIfNull(places);
        ArgumentNullException.ThrowIfNull(targets);
        Tensor features = Features(ids, cache);
        Tensor counted = features.View(-1, Config.Width)[places]; // [N, C]
        features.Release();
        int most = Math.Max(1, MaxLogits / VocabularySize);
        List<Tensor> losses = [];
        for (int start = 0; start < places.Count; start += most)
        {
            Range block = start..Math.Min(start + most, places.Count);
            Tensor logits = _head.Forward(counted[block]);
            losses.Add(logits.CrossEntropy(targets[block], LossReduction.None));
            logits.Release();
        }

        return Tensor.Cat([.. losses]);
    }

    /// <summary>Reads tokens [B, T] into a cache, for others to go on from.</summary>
    /// <exception cref="ShapeException">The tokens, with those in the cache, are more than the context holds.</exception>
    internal void Read(IndexTensor ids, KeyValueCache cache) => Features(ids, cache, lastOnly: true).Release();

    /// <inheritdoc/>
    public override Tensor NextLogits(IndexTensor ids) => NextLogits(ids, null);

    /// <summary>Returns the logits of the token after the last: ids [B, T] give [B, V].</summary>
    /// <inheritdoc cref="Forward(IndexTensor, KeyValueCache?)"/>
    public Tensor NextLogits(IndexTensor ids, KeyValueCache? cache) => _head.Forward(Features(ids, cache, lastOnly: true)[.., ^1]);

    /// <summary>
    /// Rounds the weights of all products, and the tokens' vectors, to bfloat16 and keeps only these: half the memory, and nearly
    /// twice the speed of writing a text, which is that of reading the weights. The model can no longer be trained or saved.
    /// </summary>
    /// <remarks>Logits change by about a hundredth of their deviation; see <see cref="Tensor.StoreAsBFloat16"/>.</remarks>
    public void StoreAsBFloat16()
    {
        foreach (Tensor parameter in Parameters())
        {
            if (parameter.Rank == 2 && parameter != _positions.Weight)
            {
                parameter.StoreAsBFloat16();
            }
        }
    }

    /// <summary>
    /// Returns what the head reads: [B, T, C], or where only the last token's is wanted [B, 1, C], since past the keys and values of
    /// the last block nothing of the others is needed.
    /// </summary>
    private Tensor Features(IndexTensor ids, KeyValueCache? cache, bool lastOnly = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        int start = cache?.Length ?? 0;
        if (ids.Rank != 2 || start + ids.Shape[1] > Config.ContextLength)
        {
            throw new ShapeException(
                $"Gpt: ids {ids.Shape} after {start} cached tokens; give [B, T] with at most {Config.ContextLength} tokens in all.");
        }

        cache?.Check(ids.Shape);
        Tensor positions = cache is null || cache.IsEven
            ? _positions.Weight[start..(start + ids.Shape[1])] // [T, C]
            : _positions.Weight[IndexTensor.From(cache.Lengths, ids.Shape[0], 1)]; // [B, 1, C]
        Tensor looked = _tokens.Forward(ids);
        Tensor x = Dropped(_dropout, looked + positions); // [B, T, C]
        looked.Release();
        bool isRecomputed = Config.Recompute && IsTraining && cache is null && !IsObserving;
        lastOnly &= !isRecomputed && !IsObserving;
        foreach (Block block in _blocks)
        {
            Tensor input = x;
            x = isRecomputed
                ? input.Recompute(block.Forward, _dropoutRandom)
                : block.Forward(input, cache, lastOnly && block == _blocks[^1]);
            input.Release();
        }

        cache?.Advance(ids.Shape[1]);
        Tensor features = _norm.Forward(x);
        x.Release();
        return features;
    }

    // Without a share to drop the output is the input.
    private static Tensor Dropped(Dropout dropout, Tensor x)
    {
        Tensor y = dropout.Forward(x);
        if (y != x)
        {
            x.Release();
        }

        return y;
    }

    private void InitializeAsGpt2(RandomGenerator? random)
    {
        // A block adds to the residual stream twice, so the sum keeps its variance whatever the depth.
        float residual = 0.02f / MathF.Sqrt(2 * Config.LayerCount);
        foreach ((string name, Tensor parameter) in NamedParameters())
        {
            if (parameter.Rank == 2)
            {
                Initialization.Normal(parameter, 0, name.EndsWith("c_proj.weight", StringComparison.Ordinal) ? residual : 0.02f, random);
            }
            else if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                using (Tensor.NoGrad())
                {
                    parameter.FillInPlace(0);
                }
            }
        }
    }

    /// <summary>Communication between tokens, then computation on each: both add to the residual stream.</summary>
    private sealed class Block : Module
    {
        private readonly LayerNorm _beforeAttention;
        private readonly CausalSelfAttention _attention;
        private readonly LayerNorm _beforeMlp;
        private readonly Mlp _mlp;

        public Block(GptConfig config, int layer, RandomGenerator? random, RandomGenerator? dropoutRandom)
        {
            _beforeAttention = AddModule("ln_1", new LayerNorm(config.Width, config.Bias));
            _attention = AddModule("attn", new CausalSelfAttention(config, layer, random, dropoutRandom));
            _beforeMlp = AddModule("ln_2", new LayerNorm(config.Width, config.Bias));
            _mlp = AddModule("mlp", new Mlp(config, random, dropoutRandom));
        }

        public Tensor Forward(Tensor x) => Forward(x, null, lastOnly: false);

        public Tensor Forward(Tensor x, KeyValueCache? cache, bool lastOnly)
        {
            Tensor normal = _beforeAttention.Forward(x);
            Tensor mixed = _attention.Forward(normal, cache, lastOnly);
            normal.Release();
            Tensor middle = (lastOnly ? Last(x) : x) + mixed;
            mixed.Release();
            normal = _beforeMlp.Forward(middle);
            Tensor computed = _mlp.Forward(normal);
            normal.Release();
            Tensor y = middle + computed;
            computed.Release();
            middle.Release();
            return Observed(y);
        }

        /// <summary>Returns the last token of each row, [B, 1, C].</summary>
        public static Tensor Last(Tensor x) => x.Slice(1, x.Shape[1] - 1, 1);
    }

    /// <summary>Every token gathers values from itself and the tokens before it, in H independent heads.</summary>
    private sealed class CausalSelfAttention : Module
    {
        private readonly Linear _queriesKeysValues;
        private readonly Linear _projection;
        private readonly Dropout _dropout;
        private readonly RandomGenerator? _dropoutRandom;
        private readonly int _layer;
        private readonly int _heads;

        public CausalSelfAttention(GptConfig config, int layer, RandomGenerator? random, RandomGenerator? dropoutRandom)
        {
            _queriesKeysValues = AddModule("c_attn", new Linear(config.Width, 3 * config.Width, config.AttentionBias, random));
            _projection = AddModule("c_proj", new Linear(config.Width, config.Width, config.Bias, random));
            _dropout = AddModule("drop", new Dropout(config.Dropout, dropoutRandom));
            (_layer, _heads, _dropoutRandom) = (layer, config.HeadCount, dropoutRandom);
        }

        public Tensor Forward(Tensor x, KeyValueCache? cache, bool lastOnly)
        {
            Tensor joint = _queriesKeysValues.Forward(x); // [B, T, 3C]
            Tensor y = cache is null
                ? joint.CausalSelfAttention(_heads, IsTraining ? _dropout.Share : 0, _dropoutRandom)
                : AttendToCache(joint, cache);
            joint.Release();
            Tensor projected = _projection.Forward(lastOnly ? Block.Last(y) : y); // [B, T, C], or [B, 1, C]
            y.Release();
            return Dropped(_dropout, projected);
        }

        private Tensor AttendToCache(Tensor joint, KeyValueCache cache)
        {
            (int batch, int length, int width) = (joint.Shape[0], joint.Shape[1], joint.Shape[2] / 3);
            Tensor[] parts = joint.View(batch, length, 3, _heads, width / _heads)
                .Permute(2, 0, 3, 1, 4)
                .Unbind(0); // three times [B, H, T, D]
            cache.Append(_layer, parts[1], parts[2]);
            return cache.Length == 0
                ? joint.CausalSelfAttention(_heads)
                : cache.Attend(_layer, parts[0]).Transpose(1, 2).Reshape(batch, length, width);
        }
    }

    /// <summary>Every token for itself: four times as wide, a nonlinearity, and back.</summary>
    private sealed class Mlp : Module
    {
        private readonly Linear _expansion;
        private readonly Layer _activation;
        private readonly Linear _projection;
        private readonly Dropout _dropout;

        public Mlp(GptConfig config, RandomGenerator? random, RandomGenerator? dropoutRandom)
        {
            _expansion = AddModule("c_fc", new Linear(config.Width, 4 * config.Width, config.Bias, random));
            _activation = AddModule<Layer>("act", config.Activation switch
            {
                Activation.Relu => new Relu(),
                Activation.GeluExact => new GeluExact(),
                _ => new Gelu(),
            });
            _projection = AddModule("c_proj", new Linear(4 * config.Width, config.Width, config.Bias, random));
            _dropout = AddModule("drop", new Dropout(config.Dropout, dropoutRandom));
        }

        public Tensor Forward(Tensor x)
        {
            Tensor hidden = _expansion.Forward(x); // [B, T, 4C]
            Tensor active = _activation.Forward(hidden);
            hidden.Release();
            Tensor y = _projection.Forward(active);
            active.Release();
            return Dropped(_dropout, y);
        }
    }
}
