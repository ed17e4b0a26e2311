using Nabla.Nn;
using Nabla.Optim;

namespace Nabla.Tests.Nn;

/// <summary>
/// The XOR notebook of the lectures: six models are drawn one after another from seed 42, and four of them are trained, each in
/// its own way. All its printed numbers, to the four decimals that it prints.
/// </summary>
[Trait("Tier", "true")]
public class XorNotebookTests
{
    private const int Epochs = 10_000;
    private const float Tolerance = 1e-4f;

    private static readonly Tensor _x = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
    private static readonly Tensor _targets = Tensor.From([0, 1, 1, 0], 4, 1);

    [Fact]
    [Trait("Number", "NB-001")]
    public void There_are_four_examples_of_two_inputs_and_one_target()
    {
        Assert.Equal(new Shape(4, 2), _x.Shape);
        Assert.Equal(new Shape(4, 1), _targets.Shape);
        for (int i = 0; i < 4; i++)
        {
            float[] inputs = _x[i].ToArray();
            Assert.Equal(inputs[0] != inputs[1] ? 1 : 0, _targets[i].Item());
        }
    }

    [Fact]
    [Trait("Number", "NB-003")]
    [Trait("Number", "NB-004")]
    public void The_first_model_starts_from_the_weights_of_seed_42()
    {
        Model model = Models(1)[0];
        AssertClose([0.5406f, 0.5869f, -0.1657f, 0.6496f], model.Fc1.Weight);
        AssertClose([-0.1549f, 0.1427f], model.Fc1.Bias!);
        AssertClose([-0.3443f, 0.4153f], model.Fc2.Weight);
        AssertClose([0.6233f], model.Fc2.Bias!);
    }

    [Fact]
    [Trait("Number", "NB-005")]
    [Trait("Number", "NB-006")]
    public void A_model_is_nine_draws_within_one_over_the_root_of_two()
    {
        RandomGenerator random = new(42);
        Model model = new(random);
        RandomGenerator other = new(42);
        for (int draw = 0; draw < 9; draw++)
        {
            other.NextUInt32();
        }

        Assert.Equal(other.NextUInt32(), random.NextUInt32());
        Assert.Equal(9, model.ParameterCount);
        float[] numbers = [.. model.Parameters().SelectMany(parameter => parameter.ToArray())];
        Assert.All(numbers, number => Assert.InRange(Math.Abs(number), 0, 0.70711));
    }

    [Theory]
    [InlineData(1, 0.6653f, 0.6683f, 0.6511f, 0.6557f)]
    [InlineData(2, 0.5916f, 0.6037f, 0.5989f, 0.6101f)]
    [InlineData(3, 0.3454f, 0.3412f, 0.3613f, 0.3574f)]
    [InlineData(4, 0.5826f, 0.5756f, 0.5895f, 0.5811f)]
    [InlineData(6, 0.5726f, 0.5547f, 0.5736f, 0.5557f)]
    [Trait("Number", "NB-002")]
    [Trait("Number", "NB-009")]
    [Trait("Number", "NB-011")]
    [Trait("Number", "NB-013")]
    [Trait("Number", "NB-014")]
    public void The_models_answer_before_training(int number, params float[] expected)
        => AssertClose(expected, Models(number)[^1].Forward(_x));

    [Fact]
    [Trait("Number", "NB-007")]
    public void The_formula_by_matrices_is_what_the_module_computes()
    {
        Model model = Models(1)[0];
        Tensor hidden = (_x[0].MatMul(model.Fc1.Weight.Transpose(0, 1)) + model.Fc1.Bias!).Sigmoid();
        Tensor output = (hidden.MatMul(model.Fc2.Weight.Transpose(0, 1)) + model.Fc2.Bias!).Sigmoid();
        AssertClose([0.6653f], output);
        Assert.Equal(model.Forward(_x[0]).Item(), output.Item(), 1e-6f);
    }

    [Fact]
    [Trait("Number", "NB-008")]
    public void One_example_a_step_learns_XOR()
    {
        Model model = Models(1)[0];
        TrainByExamples(model, zeroGrad: true);
        AssertClose([0.0483f, 0.9567f, 0.9425f, 0.0434f], model.Forward(_x));
    }

    [Fact]
    [Trait("Number", "NB-019")]
    public void Without_ZeroGrad_it_learns_something_else()
    {
        Model model = Models(1)[0];
        TrainByExamples(model, zeroGrad: false);
        float[] learned = [0.0483f, 0.9567f, 0.9425f, 0.0434f];
        float[] outputs = model.Forward(_x).ToArray();
        Assert.Contains(Enumerable.Range(0, 4), i => Math.Abs(outputs[i] - learned[i]) > 0.1f);
    }

    [Fact]
    [Trait("Number", "NB-010")]
    public void All_examples_a_step_get_the_second_model_stuck()
    {
        Model model = Models(2)[1];
        TrainByOptimizer(model, Epochs);
        AssertClose([0.0157f, 0.4996f, 0.9828f, 0.5006f], model.Forward(_x));
    }

    [Fact]
    [Trait("Number", "NB-013")]
    public void All_examples_a_step_teach_the_fourth_model_XOR()
    {
        Model model = Models(4)[3];
        TrainByOptimizer(model, Epochs);
        AssertClose([0.0169f, 0.9840f, 0.9808f, 0.0150f], model.Forward(_x));
    }

    [Theory]
    [InlineData(3, 0.0171f, 0.9819f, 0.9819f, 0.0223f)]
    [InlineData(6, 0.0210f, 0.9820f, 0.9820f, 0.0182f)]
    [Trait("Number", "NB-012")]
    [Trait("Number", "NB-014")]
    public void Steps_by_hand_teach_the_third_and_the_sixth_model_XOR(int number, params float[] expected)
    {
        Model model = Models(number)[^1];
        TrainByHand(model, Epochs);
        AssertClose(expected, model.Forward(_x));
    }

    [Fact]
    [Trait("Number", "NB-015")]
    public void An_optimizer_and_steps_by_hand_learn_the_same()
    {
        (Model optimized, Model byHand) = (Models(1)[0], Models(1)[0]);
        TrainByOptimizer(optimized, epochs: 100);
        TrainByHand(byHand, epochs: 100);
        foreach ((Tensor one, Tensor other) in optimized.Parameters().Zip(byHand.Parameters()))
        {
            Assert.InRange((one - other).Abs().Max().Item(), 0, 1e-5f);
        }

        Assert.NotEqual(Models(1)[0].Fc1.Weight.ToArray(), byHand.Fc1.Weight.ToArray());
    }

    [Fact]
    [Trait("Number", "NB-016")]
    public void The_squared_error_is_a_mean() => Assert.Equal(5, Tensor.Zeros(2).MseLoss(Tensor.From([1, 3])).Item());

    [Fact]
    [Trait("Number", "NB-017")]
    public void The_model_prints_its_modules()
        => Assert.Equal(
            """
            Model(
              (fc1): Linear(in_features=2, out_features=2, bias=True)
              (fc2): Linear(in_features=2, out_features=1, bias=True)
              (sigmoid): Sigmoid()
            )
            """,
            Models(1)[0].ToString());

    [Fact]
    [Trait("Number", "NB-018")]
    public void Tensors_and_parameters_print_four_decimals()
    {
        Model model = Models(1)[0];
        Assert.Equal("tensor([0.6653], grad_fn=<SigmoidBackward>)", model.Forward(_x[0]).ToString());
        Assert.Equal(
            "tensor([[ 0.5406,  0.5869],\n        [-0.1657,  0.6496]], requires_grad=True)", model.Fc1.Weight.ToString());
        Assert.Equal("tensor([-0.1549,  0.1427], requires_grad=True)", model.Fc1.Bias!.ToString());
    }

    /// <summary>Draws so many models, one after another.</summary>
    private static Model[] Models(int count)
    {
        RandomGenerator random = new(42);
        return [.. Enumerable.Range(0, count).Select(_ => new Model(random))];
    }

    private static void TrainByExamples(Model model, bool zeroGrad)
    {
        Sgd optimizer = new(model.Parameters(), learningRate: 0.1f);
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            for (int i = 0; i < 4; i++)
            {
                if (zeroGrad)
                {
                    optimizer.ZeroGrad();
                }

                Tensor loss = model.Forward(_x[i]).MseLoss(_targets[i]);
                loss.Backward();
                optimizer.Step();
            }
        }
    }

    private static void TrainByOptimizer(Model model, int epochs)
    {
        Sgd optimizer = new(model.Parameters(), learningRate: 1);
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            optimizer.ZeroGrad();
            model.Forward(_x).MseLoss(_targets).Backward();
            optimizer.Step();
        }
    }

    private static void TrainByHand(Model model, int epochs)
    {
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            model.ZeroGrad();
            Tensor loss = (model.Forward(_x) - _targets).Pow(2).Mean();
            loss.Backward();
            using (Tensor.NoGrad())
            {
                foreach (Tensor parameter in model.Parameters())
                {
                    parameter.SubInPlace(parameter.Grad! * 1f);
                }
            }
        }
    }

    private static void AssertClose(float[] expected, Tensor actual)
    {
        float[] values = actual.ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal(expected[i], values[i], Tolerance);
        }
    }

    private sealed class Model : Layer
    {
        private readonly Sigmoid _sigmoid;

        public Model(RandomGenerator random)
        {
            Fc1 = AddModule("fc1", new Linear(2, 2, random: random));
            Fc2 = AddModule("fc2", new Linear(2, 1, random: random));
            _sigmoid = AddModule("sigmoid", new Sigmoid());
        }

        public Linear Fc1 { get; }

        public Linear Fc2 { get; }

        public override Tensor Forward(Tensor x) => _sigmoid.Forward(Fc2.Forward(_sigmoid.Forward(Fc1.Forward(x))));
    }
}
