namespace Nabla.Tests.Ops;

/// <summary>
/// A tensor's memory goes back to the pool when the collector finds the tensor unreachable, which may be while a kernel still
/// works on it, unless the operation keeps it alive. So: operations on tensors that nothing else refers to, under a collector
/// that never rests, beside a thread that takes whatever memory comes free and fills it with NaN.
/// </summary>
[Collection("ThreadCount")]
public class CollectorStressTests
{
    private const int Rows = 512;
    private const int Columns = 512;

    public static TheoryData<string> Names => [.. _operations.Keys];

    private static readonly Dictionary<string, Func<Tensor>> _operations = new()
    {
        ["a copy of a view"] = () => Matrix().Transpose(0, 1).Clone(),
        ["a function of one tensor"] = () => Matrix().Transpose(0, 1).Tanh(),
        ["a function of two tensors"] = () => Matrix() * Matrix().Transpose(0, 1),
        ["in place"] = () => Matrix().AddInPlace(Matrix()),
        ["a broadcast"] = () => Matrix() + Matrix()[0],
        ["a condition"] = () => Tensor.Where(Matrix().Greater(0), Matrix(), -Matrix()),
        ["a mask"] = () => Matrix().MaskedFill(Matrix().Greater(1), 3).Tril(),
        ["a sum of rows"] = () => Matrix().Sum(1),
        ["a sum of columns"] = () => Matrix().Sum(0),
        ["a variance"] = () => Matrix().Transpose(0, 1).Var(0),
        ["an extreme"] = () => Matrix().Max(),
        ["a running sum"] = () => Matrix().CumSum(0),
        ["a norm"] = () => Matrix().Norm(),
        ["a softmax"] = () => Matrix().Softmax(0),
        ["a log-softmax"] = () => Matrix().LogSoftmax(1),
        ["a product of matrices"] = () => Matrix().MatMul(Matrix().Transpose(0, 1)),
        ["a linear layer"] = () => Matrix().Linear(Matrix(), Matrix()[0].Clone()),
        ["a layer norm"] = () => Matrix().LayerNorm(Matrix()[0].Clone(), Matrix()[1].Clone()),
        ["a dropout"] = () => Matrix().Dropout(0.5f, new RandomGenerator(3)),
        ["an attention"] = () => Turned().ScaledDotProductAttention(Turned(), Turned(), causal: true),
        ["a loss"] = () => Matrix().CrossEntropy(Ids()),
        ["a look-up"] = () => Matrix()[Ids()],
        ["a gathering"] = () => Matrix().Gather(1, Ids().View(Rows, 1)),
        ["a joining"] = () => Tensor.Cat([Matrix(), Matrix()], 1),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void An_operation_keeps_its_inputs_until_it_is_done(string name) => CheckSpoiled(_operations[name]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_backward_pass_keeps_the_gradients_until_they_are_used(int length) => CheckSpoiled(() =>
    {
        Tensor x = Matrix();
        x.RequiresGrad = true;
        Tensor y = x;
        for (int i = 0; i < length; i++)
        {
            y = y.Tanh();
        }

        y.Backward(Matrix());
        return x.Grad!;
    });

    private static void CheckSpoiled(Func<Tensor> operation)
    {
        float[] expected = operation().ToArray();
        using CancellationTokenSource stop = new();
        Thread spoiler = new(() => Spoil(stop.Token));
        spoiler.Start();
        try
        {
            for (int round = 0; round < 12; round++)
            {
                Assert.Equal(expected, operation().ToArray());
            }
        }
        finally
        {
            stop.Cancel();
            spoiler.Join();
        }
    }

    private static Tensor Matrix() => Tensor.Randn(new RandomGenerator(1), Rows, Columns);

    // Not as the kernel wants its operands, so that it works on copies that nobody else knows.
    private static Tensor Turned() => Tensor.Randn(new RandomGenerator(2), 4, 4, 128, 128).Transpose(2, 3);

    private static IndexTensor Ids() => IndexTensor.Arange(Rows);

    private static void Spoil(CancellationToken stop)
    {
        List<Tensor> taken = [];
        while (!stop.IsCancellationRequested)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            taken.Clear();
            for (int i = 0; i < 4; i++)
            {
                taken.Add(Tensor.Full(new Shape(Rows, Columns), float.NaN));
            }
        }
    }
}
