using Nabla.Autograd;
using Nabla.Diagnostics;
using Nabla.Nn;
using Nabla.Optim;

namespace Nabla.Tests.Diagnostics;

/// <summary>Parameters, their gradients and their updates, against numbers worked out by hand.</summary>
public class ParameterTests
{
    private readonly Linear _model = new(2, 1);

    public ParameterTests()
    {
        using NoGradScope noGrad = Tensor.NoGrad();
        _model.Weight.CopyInPlace(Tensor.From([1, 3], 1, 2));
        _model.Bias!.FillInPlace(0);
    }

    [Fact]
    public void The_gradient_is_put_in_proportion_to_the_values()
    {
        IReadOnlyList<ParameterStatistics> parameters = ParameterStatistics.Of(_model);

        Backward();
        foreach (ParameterStatistics parameter in parameters)
        {
            parameter.TakeGradient();
        }

        Assert.Equal(["weight", "bias"], parameters.Select(parameter => parameter.Name));
        Assert.Equal(Math.Sqrt(2), parameters[0].Values.StandardDeviation, 1e-12); // of 1 and 3
        Assert.Equal(0.5 * Math.Sqrt(0.5), parameters[0].Gradients.StandardDeviation, 1e-7); // of 0.5 and 1
        Assert.Equal(0.25, parameters[0].GradientToData!.Value, 1e-7);
        Assert.Null(parameters[1].GradientToData);
        Assert.Equal(new Shape(1, 2), parameters[0].Shape);
    }

    [Fact]
    public void An_update_is_the_rate_times_the_gradient_for_plain_descent()
    {
        Sgd optimizer = new(_model.Parameters(), 0.1f);
        Backward();

        UpdateRatios before = UpdateRatios.Before(_model);
        Assert.Equal(0, before.After().Single().Value);
        optimizer.Step();

        KeyValuePair<string, double> ratio = before.After().Single();
        Assert.Equal("weight", ratio.Key);
        Assert.Equal(0.1 * 0.25, ratio.Value, 1e-7);
    }

    [Fact]
    public void A_parameter_of_equal_values_has_no_ratio()
    {
        using (Tensor.NoGrad())
        {
            _model.Weight.FillInPlace(2);
        }

        UpdateRatios before = UpdateRatios.Before(_model);
        Backward();
        new Sgd(_model.Parameters(), 0.1f).Step();

        Assert.Empty(before.After());
    }

    private void Backward() => _model.Forward(Tensor.From([0.5f, 1], 1, 2)).Sum().Backward();
}
