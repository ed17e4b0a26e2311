using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// The forward pass of the fifth lecture, in twenty pieces so small that the gradient of each can be written down.
/// </summary>
internal sealed class BackpropChain
{
    public BackpropChain(BackpropNetwork network, Examples batch)
    {
        (Network, Batch) = (network, batch);
        const int n = BackpropNetwork.BatchSize;

        Emb = network.Table[batch.Contexts];
        EmbCat = Emb.View(n, -1);
        HPreBn = EmbCat.MatMul(network.W1) + network.B1;

        BnMean = (1f / n) * HPreBn.Sum(0, keepDim: true);
        BnDiff = HPreBn - BnMean;
        BnDiff2 = BnDiff.Pow(2);
        BnVar = (1f / (n - 1)) * BnDiff2.Sum(0, keepDim: true);
        BnVarInv = (BnVar + BackpropNetwork.Epsilon).Pow(-0.5f);
        BnRaw = BnDiff * BnVarInv;
        HPreAct = (network.Gain * BnRaw) + network.Bias;

        H = HPreAct.Tanh();
        Logits = H.MatMul(network.W2) + network.B2;

        (LogitMaxes, ArgMax) = Logits.Max(1, keepDim: true);
        NormLogits = Logits - LogitMaxes;
        Counts = NormLogits.Exp();
        CountsSum = Counts.Sum(1, keepDim: true);
        CountsSumInv = CountsSum.Pow(-1);
        Probs = Counts * CountsSumInv;
        LogProbs = Probs.Log();
        Loss = -LogProbs[IndexTensor.Arange(n), batch.Labels].Mean();

        foreach ((_, Tensor tensor) in Intermediates)
        {
            tensor.RetainGrad();
        }
    }

    public BackpropNetwork Network { get; }

    public Examples Batch { get; }

    public Tensor Emb { get; }

    public Tensor EmbCat { get; }

    public Tensor HPreBn { get; }

    public Tensor BnMean { get; }

    public Tensor BnDiff { get; }

    public Tensor BnDiff2 { get; }

    public Tensor BnVar { get; }

    public Tensor BnVarInv { get; }

    public Tensor BnRaw { get; }

    public Tensor HPreAct { get; }

    public Tensor H { get; }

    public Tensor Logits { get; }

    public Tensor LogitMaxes { get; }

    /// <summary>Gets where each row of logits is largest, [32, 1].</summary>
    public IndexTensor ArgMax { get; }

    public Tensor NormLogits { get; }

    public Tensor Counts { get; }

    public Tensor CountsSum { get; }

    public Tensor CountsSumInv { get; }

    public Tensor Probs { get; }

    public Tensor LogProbs { get; }

    public Tensor Loss { get; }

    /// <summary>Gets the twenty computed tensors by their names in the lecture, in the order of computation.</summary>
    public (string Name, Tensor Tensor)[] Intermediates =>
    [
        ("emb", Emb), ("embcat", EmbCat), ("hprebn", HPreBn), ("bnmeani", BnMean), ("bndiff", BnDiff), ("bndiff2", BnDiff2),
        ("bnvar", BnVar), ("bnvar_inv", BnVarInv), ("bnraw", BnRaw), ("hpreact", HPreAct), ("h", H), ("logits", Logits),
        ("logit_maxes", LogitMaxes), ("norm_logits", NormLogits), ("counts", Counts), ("counts_sum", CountsSum),
        ("counts_sum_inv", CountsSumInv), ("probs", Probs), ("logprobs", LogProbs), ("loss", Loss),
    ];

    /// <summary>Gets what is to be compared: the computed tensors but the loss, and the parameters.</summary>
    public (string Name, Tensor Tensor)[] Differentiated =>
    [
        .. Intermediates[..^1],
        ("C", Network.Table), ("W1", Network.W1), ("b1", Network.B1), ("W2", Network.W2), ("b2", Network.B2),
        ("bngain", Network.Gain), ("bnbias", Network.Bias),
    ];

    /// <summary>A chain for what holds of any characters, after its backward pass.</summary>
    public static BackpropChain OfRandomCharacters(ulong seed)
        => new BackpropChain(new BackpropNetwork(), BackpropData.RandomCharacters(seed)).Backward();

    /// <summary>Finds all gradients as the library does.</summary>
    public BackpropChain Backward()
    {
        Network.ZeroGrad();
        Loss.Backward();
        return this;
    }
}
