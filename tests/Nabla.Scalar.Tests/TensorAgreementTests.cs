namespace Nabla.Scalar.Tests;

/// <summary>
/// The scalar engine and the tensors compute the same. Tensors hold float32, which has seven decimal digits: what is asked for in
/// double precision can be had to those. Rows L01-040 to L01-042 and L01-071.
/// </summary>
public sealed class TensorAgreementTests
{
    [Fact]
    [Trait("Number", "L01-040")]
    public void The_neuron_of_the_lecture_as_tensors()
    {
        Tensor One(double value)
        {
            Tensor tensor = Tensor.From([(float)value], 1);
            tensor.RequiresGrad = true;
            return tensor;
        }

        Tensor x1 = One(2), x2 = One(0), w1 = One(-3), w2 = One(1), b = One(LectureNeuron.RoundBias);
        Tensor o = ((x1 * w1) + (x2 * w2) + b).Tanh();
        o.Backward();

        Assert.Equal(0.7071, o.Item(), 1e-4);
        Assert.Equal(0.5, x2.Grad!.Item(), 1e-4);
        Assert.Equal(0.0, w2.Grad!.Item(), 1e-4);
        Assert.Equal(-1.5, x1.Grad!.Item(), 1e-4);
        Assert.Equal(1.0, w1.Grad!.Item(), 1e-4);
    }

    [Fact]
    [Trait("Number", "L01-041")]
    public void Tensors_hold_float32_and_record_gradients_only_when_asked()
    {
        Tensor tensor = Tensor.From(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });

        Assert.Equal(typeof(float), tensor.ToArray().GetType().GetElementType());
        Assert.False(tensor.RequiresGrad);
        Assert.Equal(2.5f, Assert.IsType<float>(Tensor.From([2.5f], 1).Item()));
        Assert.Equal(new Shape(2, 3), tensor.Shape);
    }

    [Fact]
    [Trait("Number", "L01-042")]
    public void The_backward_step_of_tanh_is_a_times_1_minus_b_squared()
    {
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, 1000).Select(_ => (float)((6 * random.NextDouble()) - 3))];
        float[] a = [.. Enumerable.Range(0, 1000).Select(_ => (float)((2 * random.NextDouble()) - 1))];

        // The scalar engine works in double precision.
        for (int i = 0; i < x.Length; i++)
        {
            Value input = x[i];
            Value b = input.Tanh();
            b.Grad = a[i];
            b.PassGradient();
            Assert.Equal(a[i] * (1 - (b.Data * b.Data)), input.Grad, 1e-12);
        }

        // b is at most 1 and |a| too, so the two roundings of float32 are at most 2^-24 each, and the product rounds once more.
        Tensor tensor = Tensor.From(x, x.Length);
        tensor.RequiresGrad = true;
        Tensor output = tensor.Tanh();
        output.Backward(Tensor.From(a, a.Length));
        float[] outputs = output.ToArray();
        float[] gradients = tensor.Grad!.ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(a[i] * (1 - ((double)outputs[i] * outputs[i])), gradients[i], 3 * Math.Pow(2, -24));
        }
    }

    [Fact]
    [Trait("Number", "L01-071")]
    public void A_simpler_and_a_more_complicated_expression_agree()
    {
        Value x = -4.0;
        Value z = (2 * x) + 2 + x;
        Value q = z.Relu() + (z * x);
        Value h = (z * z).Relu();
        Value y = h + q + (q * x);
        y.Backward();

        Tensor tx = Leaf(-4);
        Tensor tz = (2 * tx) + 2 + tx;
        Tensor tq = tz.Relu() + (tz * tx);
        Tensor th = (tz * tz).Relu();
        Tensor ty = th + tq + (tq * tx);
        ty.Backward();

        // Small whole numbers are exact in float32.
        Assert.Equal(-20, y.Data);
        Assert.Equal((y.Data, x.Grad), (ty.Item(), tx.Grad!.Item()));

        Value a = -4.0, b = 2.0;
        Value g = FrontPage(a, b);
        g.Backward();

        Tensor ta = Leaf(-4), tb = Leaf(2);
        Tensor tc = ta + tb;
        Tensor td = (ta * tb) + tb.Pow(3);
        tc = tc + tc + 1;
        tc = tc + 1 + tc + (-ta);
        td = td + (td * 2) + (tb + ta).Relu();
        td = td + (3 * td) + (tb - ta).Relu();
        Tensor tf = (tc - td).Pow(2);
        Tensor tg = (tf / 2) + (10 / tf);
        tg.Backward();

        // Relative to the largest intermediate numbers, since float32 rounds each to 6e-8 of itself.
        Assert.Equal(g.Data, tg.Item(), 1e-6 * g.Data);
        Assert.Equal(a.Grad, ta.Grad!.Item(), 1e-6 * a.Grad);
        Assert.Equal(b.Grad, tb.Grad!.Item(), 1e-6 * b.Grad);
    }

    private static Value FrontPage(Value a, Value b)
    {
        Value c = a + b;
        Value d = (a * b) + b.Pow(3);
        c += c + 1;
        c += 1 + c + (-a);
        d += (d * 2) + (b + a).Relu();
        d += (3 * d) + (b - a).Relu();
        Value f = (c - d).Pow(2);
        return (f / 2) + (10 / f);
    }

    private static Tensor Leaf(float value)
    {
        Tensor tensor = Tensor.Scalar(value);
        tensor.RequiresGrad = true;
        return tensor;
    }
}
