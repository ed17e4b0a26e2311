namespace Nabla.Tests.Ops;

/// <content>Losses.</content>
internal static partial class OpCases
{
    private static OpRows Losses() => new()
    {
        ["CrossEntropy"] = c => c["x"].CrossEntropy(
            c.Ids("targets"), Reduction(c), c.Int("ignoreIndex"), c.Float("labelSmoothing")),
        ["LinearCrossEntropy"] = c => c["x"].LinearCrossEntropy(c["weight"], c.Ids("targets"), c.Int("ignoreIndex")),
        ["NllLoss"] = c => c["x"].NllLoss(c.Ids("targets"), Reduction(c), c.Int("ignoreIndex")),
        ["MseLoss"] = c => c["x"].MseLoss(c["targets"], Reduction(c)),
        ["BinaryCrossEntropyWithLogits"] = c => c["x"].BinaryCrossEntropyWithLogits(c["targets"], Reduction(c)),
        ["HingeLoss"] = c => c["x"].HingeLoss(c["labels"]),
    };

    private static LossReduction Reduction(OpCall c)
        => c.Has("reduction") ? Enum.Parse<LossReduction>(c.Text("reduction"), ignoreCase: true) : LossReduction.Mean;
}
