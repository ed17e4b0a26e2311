#:project ../../src/Nabla/Nabla.csproj
#:property PublishAot=false

// The four rules that the whole lesson is made of, on tensors small enough to write out. Each gradient three times: by hand, by
// Backward, and by trying, which moves one number a little and looks how far the loss moves.

using Nabla;
using Nabla.Autograd;

RandomGenerator random = new(42);

// Each result is a whole tensor. To have a loss, weigh its elements by some fixed numbers and add up: these numbers are then the
// gradient that arrives at the result, dD, as it would from the rest of a network.

// 1. A matrix product. D = A B + c, with A [2, 3], B [3, 4], c [4]. There is one way only to make the shapes fit.
Tensor A = Leaf(2, 3), B = Leaf(3, 4), c = Leaf(4);
Tensor dD = Leaf(2, 4).Detach();
Tensor Product() => (dD * (A.MatMul(B) + c)).Sum();
Product().Backward();
Console.WriteLine("a matrix product and a bias, D = A B + c");
Show("A", dD.MatMul(B.Detach().Transpose(0, 1)), A, Product);
Show("B", A.Detach().Transpose(0, 1).MatMul(dD), B, Product);
Show("c", dD.Sum(0), c, Product);

// 2. A sum. Each row of x becomes one number; on the way back, that number's gradient goes to each element of the row.
Tensor x = Leaf(2, 3);
Tensor dS = Leaf(2, 1).Detach();
Tensor RowSums() => (dS * x.Sum(1, keepDim: true)).Sum();
RowSums().Backward();
Console.WriteLine("a sum goes back as replication, s = x.Sum(1, keepDim: true)");
Show("x", Tensor.OnesLike(x) * dS, x, RowSums);

// 3. Replication. A column [2, 1] beside a matrix [2, 3] is repeated three times; on the way back, the three are summed.
Tensor a = Leaf(2, 3), b = Leaf(2, 1);
Tensor dP = Leaf(2, 3).Detach();
Tensor Scaled() => (dP * (a * b)).Sum();
Scaled().Backward();
Console.WriteLine("replication goes back as a sum, P = a b, where b is a column");
Show("a", dP * b.Detach(), a, Scaled);
Show("b", (a.Detach() * dP).Sum(1, keepDim: true), b, Scaled);

// 4. What is used twice gets two gradients, and the two are added.
Tensor u = Tensor.From([-1f, 0, 1]);
u.RequiresGrad = true;
Tensor Twice() => u.Square().Sum() + u.Exp().Sum();
Twice().Backward();
Console.WriteLine("used twice, u.Square().Sum() + u.Exp().Sum()");
Tensor first = 2 * u.Detach();
Tensor second = u.Detach().Exp();
Show("u", first, u, Twice);
Show("u", first + second, u, Twice);

// How a comparison says no, and the mistake that a comparison by values alone would let pass: a gradient of [4] for a row of
// [1, 4] broadcasts, so that all differences are zero.
Tensor row = Leaf(1, 4);
(3 * row).Sum().Backward();
Tensor flat = 3 * Tensor.Ones(4);
Console.WriteLine();
Console.WriteLine($"largest difference of {flat.Shape} and {row.Shape}: {(flat - row.Grad!).Abs().Max().Item()}");
Console.WriteLine(GradientComparison.Compare("row", flat, row));
Console.WriteLine(GradientComparison.Compare("row", flat.View(1, 4), row));
Console.WriteLine(GradientComparison.Compare("row", 2.99999f * Tensor.OnesLike(row), row));
Console.WriteLine(GradientComparison.Compare("row", -3 * Tensor.OnesLike(row), row));

Tensor Leaf(params ReadOnlySpan<int> sizes)
{
    Tensor leaf = Tensor.Randn(random, sizes);
    leaf.RequiresGrad = true;
    return leaf;
}

// One element of each: the last one. All of them agree or differ alike.
void Show(string name, Tensor byHand, Tensor tensor, Func<Tensor> loss)
{
    float[] values = tensor.ToArray();
    float[] moved = [.. values];
    const float h = 0.01f;
    using (Tensor.NoGrad())
    {
        moved[^1] = values[^1] + h;
        tensor.CopyFrom(moved);
        float above = loss().Item();
        moved[^1] = values[^1] - h;
        tensor.CopyFrom(moved);
        float tried = (above - loss().Item()) / (2 * h);
        tensor.CopyFrom(values);

        string verdict = GradientComparison.Compare(name, byHand, tensor).IsApproximate ? "right" : "wrong";
        (float hand, float machine) = (byHand.ToArray()[^1], tensor.Grad!.ToArray()[^1]);
        Console.WriteLine($"  d{name} {tensor.Shape,-6}   by hand {hand,8:F4}   Backward {machine,8:F4}   by trying {tried,6:F2}   "
            + verdict);
    }
}
