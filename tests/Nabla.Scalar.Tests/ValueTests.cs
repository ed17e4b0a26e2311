using System.Globalization;
using System.Reflection;

namespace Nabla.Scalar.Tests;

/// <summary>The operations of a value, one by one. Rows L01-012 to L01-075 that are about them.</summary>
public sealed class ValueTests
{
    [Fact]
    [Trait("Number", "L01-012")]
    public void Values_are_added_and_multiplied()
    {
        Value a = 2, b = -3, c = 10;
        Assert.Equal(-1, (a + b).Data);
        Assert.Equal(-6, (a * b).Data);
        Assert.Equal(4, ((a * b) + c).Data);
    }

    [Fact]
    [Trait("Number", "L01-013")]
    public void A_value_knows_what_it_was_computed_from_and_how()
    {
        Value a = 2, b = -3, c = 10;
        Value d = (a * b) + c;

        Assert.Equal([-6, 10], d.Inputs.Select(input => input.Value.Data));
        Assert.Equal("+", d.Op);
        Assert.Equal("", a.Op);
        Assert.Empty(a.Inputs);
    }

    [Fact]
    [Trait("Number", "L01-030")]
    public void Values_and_plain_numbers_mix()
    {
        Value a = 2;
        Assert.Equal(3, (a + 1).Data);
        Assert.Equal(4, (a * 2).Data);
        Assert.Equal(4, (2 * a).Data);
    }

    [Fact]
    [Trait("Number", "L01-031")]
    public void Division_has_its_gradients()
    {
        Value a = 2, b = 4;
        Value quotient = a / b;
        quotient.Backward();

        Assert.Equal(0.5, quotient.Data, 1e-12);
        Assert.Equal(0.25, a.Grad, 1e-12);
        Assert.Equal(-0.125, b.Grad, 1e-12);
    }

    [Fact]
    [Trait("Number", "L01-032")]
    public void Minus_negates_and_subtracts()
    {
        Value a = 2, b = -3;
        Value difference = a - b;
        difference.Backward();

        Assert.Equal(-2, (-a).Data);
        Assert.Equal(5, difference.Data);
        Assert.Equal((1, -1), (a.Grad, b.Grad));
    }

    [Fact]
    [Trait("Number", "L01-033")]
    public void A_plain_number_may_stand_on_the_left()
    {
        Value a = 4;
        Assert.Equal(5, (1 + a).Data);
        Assert.Equal(-3, (1 - a).Data);
        Assert.Equal(8, (2 * a).Data);

        Value quotient = 10.0 / a;
        quotient.Backward();
        Assert.Equal(2.5, quotient.Data, 1e-12);
        Assert.Equal(-0.625, a.Grad, 1e-12);
    }

    [Fact]
    [Trait("Number", "L01-034")]
    public void Exp_is_its_own_derivative()
    {
        Value x = 2;
        Value y = x.Exp();
        y.Backward();

        Assert.Equal(7.3891, y.Data, 1e-4);
        Assert.Equal(y.Data, x.Grad);
    }

    [Theory]
    [Trait("Number", "L01-035")]
    [InlineData(2, 9, 6)]
    [InlineData(-1, 0.333333, -0.111111)]
    public void A_power_follows_the_power_rule(double exponent, double value, double gradient)
    {
        Value x = 3;
        Value y = x.Pow(exponent);
        y.Backward();

        Assert.Equal(value, y.Data, 1e-6);
        Assert.Equal(gradient, x.Grad, 1e-6);
    }

    [Fact]
    [Trait("Number", "L01-036")]
    public void An_exponent_is_a_plain_number_and_nothing_turns_a_value_into_one()
    {
        // x.Pow(new Value(2)) does not compile: the one Pow there is takes a double, and a value converts to nothing.
        MethodInfo power = Assert.Single(typeof(Value).GetMethods(), method => method.Name == nameof(Value.Pow));
        Assert.Equal([typeof(double)], power.GetParameters().Select(parameter => parameter.ParameterType));
        Assert.DoesNotContain(
            typeof(Value).GetMethods(),
            method => method.Name is "op_Implicit" or "op_Explicit" && method.ReturnType != typeof(Value));
    }

    [Theory]
    [Trait("Number", "L01-037")]
    [InlineData(-3, 0, 0)]
    [InlineData(2, 2, 1)]
    [InlineData(0, 0, 0)]
    public void Relu_cuts_at_zero(double at, double value, double gradient)
    {
        Value x = at;
        Value y = x.Relu();
        y.Backward();

        Assert.Equal((value, gradient), (y.Data, x.Grad));
    }

    [Theory]
    [Trait("Number", "L01-038")]
    [InlineData(0, 0)]
    [InlineData(20, 1)]
    [InlineData(-20, -1)]
    public void Tanh_goes_from_minus_one_to_one(double at, double value) => Assert.Equal(value, new Value(at).Tanh().Data, 1e-9);

    [Fact]
    public void Log_undoes_exp()
    {
        Value x = 2;
        Value y = x.Log();
        y.Backward();

        Assert.Equal(2, y.Exp().Data, 1e-12);
        Assert.Equal(0.5, x.Grad, 1e-12);
    }

    [Fact]
    [Trait("Number", "L01-045")]
    public void A_label_that_was_not_set_is_empty()
    {
        Assert.Equal("", new Value(1).Label);
        Assert.Equal("", (new Value(1, "a") + 1).Label);
    }

    [Fact]
    [Trait("Number", "L01-046")]
    public void Numbers_are_held_in_double_precision() => Assert.Equal(1e-12, (new Value(1) + 1e-12).Data - 1, 1e-15);

    [Fact]
    [Trait("Number", "L01-049")]
    public void The_text_of_a_value_shows_its_number_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Equal("Value(data=2)", new Value(2.0).ToString());
            Assert.Equal("Value(data=-0.5)", new Value(-0.5).ToString());
            Assert.Equal("**0.5", new Value(4).Pow(0.5).Op);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

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

    [Fact]
    [Trait("Number", "L01-075")]
    public void A_function_of_ones_own_is_given_with_its_derivative()
    {
        // The third Legendre polynomial.
        Value x = 0.5;
        Value y = x.Apply("P3", x => ((5 * x * x * x) - (3 * x)) / 2, x => 1.5 * ((5 * x * x) - 1));
        y.Backward();

        Assert.Equal(-0.4375, y.Data, 1e-9);
        Assert.Equal(0.375, x.Grad, 1e-9);
        Assert.Equal("P3", y.Op);
    }

    [Fact]
    public void A_function_of_two_values_is_given_with_both_derivatives()
    {
        Value a = 3, b = 4;
        Value length = a.Apply("hypot", b, double.Hypot, (a, b) => (a / double.Hypot(a, b), b / double.Hypot(a, b)));
        length.Backward();

        Assert.Equal(5, length.Data, 1e-12);
        Assert.Equal(0.6, a.Grad, 1e-12);
        Assert.Equal(0.8, b.Grad, 1e-12);
    }
}
