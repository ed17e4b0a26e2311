namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// The gradients of every tensor of a <see cref="BackpropChain"/>, written down one after the other from the loss back. Four
/// tensors are used twice; <see cref="Unfinished"/> has their gradients before the second use was added.
/// </summary>
internal sealed class BackpropByHand
{
    private const int N = BackpropNetwork.BatchSize;

    private readonly Dictionary<string, Tensor> _gradients = [];
    private readonly Dictionary<string, Tensor> _unfinished = [];

    public BackpropByHand(BackpropChain chain)
    {
        using var noGrad = Tensor.NoGrad();
        FromLossToLogits(chain);
        FromLogitsToNorm(chain);
        ThroughNorm(chain);
        FromNormToTable(chain);
    }

    public IReadOnlyDictionary<string, Tensor> Unfinished => _unfinished;

    public Tensor this[string name]
    {
        get => _gradients[name];
        private set => _gradients[name] = value;
    }

    private void FromLossToLogits(BackpropChain chain)
    {
        Tensor dLogProbs = Tensor.ZerosLike(chain.LogProbs);
        for (int i = 0; i < N; i++)
        {
            dLogProbs[i, chain.Batch.Labels[i].Item()] = Tensor.Scalar(-1f / N);
        }

        Tensor dProbs = chain.Probs.Pow(-1) * dLogProbs;
        Tensor dCountsSumInv = (chain.Counts * dProbs).Sum(1, keepDim: true);
        Tensor dCounts = chain.CountsSumInv * dProbs;
        _unfinished["counts"] = dCounts.Clone();
        Tensor dCountsSum = -chain.CountsSum.Pow(-2) * dCountsSumInv;
        dCounts += Tensor.OnesLike(chain.Counts) * dCountsSum;
        Tensor dNormLogits = chain.Counts * dCounts;
        Tensor dLogits = dNormLogits.Clone();
        _unfinished["logits"] = dLogits.Clone();
        Tensor dLogitMaxes = (-dNormLogits).Sum(1, keepDim: true);
        dLogits.AddInPlace(Tensor.OneHot(chain.ArgMax.View(N), 27) * dLogitMaxes);

        (this["logprobs"], this["probs"], this["counts_sum_inv"]) = (dLogProbs, dProbs, dCountsSumInv);
        (this["counts_sum"], this["counts"], this["norm_logits"]) = (dCountsSum, dCounts, dNormLogits);
        (this["logit_maxes"], this["logits"]) = (dLogitMaxes, dLogits);
    }

    private void FromLogitsToNorm(BackpropChain chain)
    {
        Tensor dLogits = this["logits"];
        Tensor dH = dLogits.MatMul(chain.Network.W2.Transpose(0, 1));
        Tensor dHPreAct = (1 - chain.H.Pow(2)) * dH;

        (this["h"], this["hpreact"]) = (dH, dHPreAct);
        this["W2"] = chain.H.Transpose(0, 1).MatMul(dLogits);
        this["b2"] = dLogits.Sum(0);
        this["bngain"] = (chain.BnRaw * dHPreAct).Sum(0, keepDim: true);
        this["bnbias"] = dHPreAct.Sum(0, keepDim: true);
        this["bnraw"] = chain.Network.Gain * dHPreAct;
    }

    private void ThroughNorm(BackpropChain chain)
    {
        Tensor dBnRaw = this["bnraw"];
        Tensor dBnDiff = chain.BnVarInv * dBnRaw;
        _unfinished["bndiff"] = dBnDiff;
        Tensor dBnVarInv = (chain.BnDiff * dBnRaw).Sum(0, keepDim: true);
        Tensor dBnVar = -0.5f * (chain.BnVar + BackpropNetwork.Epsilon).Pow(-1.5f) * dBnVarInv;
        Tensor dBnDiff2 = (1f / (N - 1)) * Tensor.OnesLike(chain.BnDiff2) * dBnVar;
        dBnDiff += 2 * chain.BnDiff * dBnDiff2;
        Tensor dHPreBn = dBnDiff.Clone();
        _unfinished["hprebn"] = dHPreBn.Clone();
        Tensor dBnMean = (-dBnDiff).Sum(0, keepDim: true);
        dHPreBn += (1f / N) * Tensor.OnesLike(chain.HPreBn) * dBnMean;

        (this["bnvar_inv"], this["bnvar"], this["bndiff2"]) = (dBnVarInv, dBnVar, dBnDiff2);
        (this["bndiff"], this["bnmeani"], this["hprebn"]) = (dBnDiff, dBnMean, dHPreBn);
    }

    private void FromNormToTable(BackpropChain chain)
    {
        Tensor dHPreBn = this["hprebn"];
        Tensor dEmbCat = dHPreBn.MatMul(chain.Network.W1.Transpose(0, 1));
        Tensor dEmb = dEmbCat.View(chain.Emb.Shape);
        Tensor dTable = Tensor.ZerosLike(chain.Network.Table);
        for (int k = 0; k < N; k++)
        {
            for (int j = 0; j < 3; j++)
            {
                dTable[chain.Batch.Contexts[k, j].Item()].AddInPlace(dEmb[k, j]);
            }
        }

        (this["embcat"], this["emb"], this["C"]) = (dEmbCat, dEmb, dTable);
        this["W1"] = chain.EmbCat.Transpose(0, 1).MatMul(dHPreBn);
        this["b1"] = dHPreBn.Sum(0);
    }
}
