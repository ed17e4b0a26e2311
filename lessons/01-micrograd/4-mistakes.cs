#:project ../../src/Nabla.Scalar/Nabla.Scalar.csproj
#:property PublishAot=false

// Four mistakes that everyone who writes such an engine makes, made on purpose: each gives wrong gradients and no error.

using Nabla.Scalar;

// 1. Assigning gradients where they should be added. a is used twice, and the second use overwrites the first.
Value a = 3;
Value b = a + a;
BackwardThatAssigns(b);
Console.WriteLine($"b = a + a = {b.Data}: assigned, db/da is {a.Grad}");
a.Grad = 0;
b.Backward();
Console.WriteLine($"             added, db/da is {a.Grad}");

Value u = -2, v = 3;
Value product = u * v, total = u + v;
Value f = product * total;
BackwardThatAssigns(f);
Console.WriteLine($"f = (u v)(u + v) = {f.Data}: assigned, df/du {u.Grad}, df/dv {v.Grad}");
(u.Grad, v.Grad) = (0, 0);
f.Backward();
Console.WriteLine($"                       added, df/du {u.Grad}, df/dv {v.Grad}");

// 2. Going through the graph in the wrong order. What a value passes on too early is too little.
(u.Grad, v.Grad) = (0, 0);
foreach (Value value in f.TopologicalOrder())
{
    value.Grad = 0;
}

f.Grad = 1;
foreach (Value value in f.TopologicalOrder())
{
    value.PassGradient();
}

Console.WriteLine();
Console.WriteLine($"inputs first, result last: df/du {u.Grad}, df/dv {v.Grad}, and the gradients stop at {product.Grad} and {total.Grad}");

// 3. Forgetting that the result's own gradient is 1. Zero, handed on, stays zero.
foreach (Value value in f.TopologicalOrder())
{
    value.Grad = 0;
}

foreach (Value value in Enumerable.Reverse(f.TopologicalOrder()))
{
    value.PassGradient();
}

Console.WriteLine($"without the 1 to begin with: df/du {u.Grad}, df/dv {v.Grad}");

// 4. Forgetting to set gradients back to 0. The second step gets the first one's on top.
Value w = 1;
Console.WriteLine();
for (int step = 1; step <= 3; step++)
{
    (w * w).Backward();
    Console.WriteLine($"d(w w)/dw at w = 1, asked for the {step}. time without zeroing: {w.Grad}");
}

static void BackwardThatAssigns(Value result)
{
    result.Grad = 1;
    foreach (Value value in Enumerable.Reverse(result.TopologicalOrder()))
    {
        foreach ((Value input, double derivative) in value.Inputs)
        {
            input.Grad = derivative * value.Grad; // the mistake: = in place of +=
        }
    }
}
