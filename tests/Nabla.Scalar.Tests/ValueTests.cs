namespace Nabla.Scalar.Tests;

/// <summary>The scalar engine against the numbers of the first lecture.</summary>
public sealed class ValueTests
{
    [Fact]
    [Trait("Number", "L01-070")]
    public void The_expression_of_micrograds_front_page_has_its_gradients()
    {
        Value a = -4.0, b = 2.0;
        Value c = a + b;
        Value d = (a * b) + b.Pow(3);
        c += c + 1;
        c += 1 + c + (-a);
        d += (d * 2) + (b + a).Relu();
        d += (3 * d) + (b - a).Relu();
        Value e = c - d;
        Value f = e.Pow(2);
        Value g = f / 2.0;
        g += 10.0 / f;
        g.Backward();

        Assert.Equal(24.70408163265306, g.Data, 1e-9);
        Assert.Equal(138.83381924198252, a.Grad, 1e-9);
        Assert.Equal(645.5772594752186, b.Grad, 1e-9);
    }
}
