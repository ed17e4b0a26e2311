using Nabla.IO;
using Nabla.Nn;

namespace Nabla.Tests.Nn;

/// <summary>What a module is saved as and loaded from.</summary>
public sealed class ModuleStateTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"nabla-{Guid.NewGuid():N}.safetensors");

    [Fact]
    public void Each_module_gives_its_parameters_then_its_buffers_by_path()
    {
        Assert.Equal(
            ["0.weight", "1.weight", "1.bias", "1.running_mean", "1.running_var", "2.0.running_mean", "2.0.running_var"],
            Net(1).StateDict().Select(pair => pair.Key));
        Assert.Equal(
            ["1.running_mean", "1.running_var", "2.0.running_mean", "2.0.running_var"],
            Net(1).NamedBuffers().Select(pair => pair.Key));
        Assert.Equal(["0.weight", "1.weight", "1.bias"], Net(1).NamedParameters().Select(pair => pair.Key));
    }

    [Fact]
    public void A_loaded_module_does_what_the_saved_one_did()
    {
        Tensor x = Tensor.Randn(new RandomGenerator(3), 9, 3);
        (Sequential saved, Sequential loaded) = (Net(1), Net(2));
        saved.Forward(x);
        saved.Forward(x + 1);
        saved.Save(_path);
        loaded.Load(_path);
        saved.Eval();
        loaded.Eval();
        Assert.Equal(saved.Forward(x).ToArray(), loaded.Forward(x).ToArray());
        Assert.All(loaded.NamedBuffers(), pair => Assert.False(pair.Value.RequiresGrad));
    }

    [Fact]
    public void What_is_missing_or_of_another_shape_is_named_and_nothing_is_changed()
    {
        SafetensorsFile.Write(_path, Net(1).NamedParameters());
        Sequential net = Net(2);
        float[] before = net.Parameters()[0].ToArray();
        TensorFileException error = Assert.Throws<TensorFileException>(() => net.Load(_path));
        Assert.Contains("1.running_mean", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, net.Parameters()[0].ToArray());

        new Sequential(new Linear(3, 7, bias: false)).Save(_path);
        error = Assert.Throws<TensorFileException>(() => net.Load(_path));
        Assert.Contains("[7, 3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_loads_its_part_of_a_larger_file()
    {
        SafetensorsFile.Write(_path, Net(1).StateDict().Append(new("optimizer.moment", Tensor.Ones(2))));
        Sequential net = Net(2);
        net.Load(_path);
        Assert.Equal(Net(1).Parameters()[0].ToArray(), net.Parameters()[0].ToArray());
    }

    [Fact]
    public void A_buffer_made_in_a_scope_outlives_it()
    {
        BatchNorm1d norm;
        using (MemoryScope.Begin())
        {
            norm = new BatchNorm1d(3);
            norm.Forward(Tensor.Ones(2, 3));
        }

        Assert.Equal(0.1f, norm.RunningMean.ToArray()[0], 1e-7f);
    }

    [Fact]
    public void A_buffer_has_a_name_of_its_own_and_no_gradient()
    {
        Assert.Contains("already", Assert.Throws<ArgumentException>(() => new WithBuffer("weight")).Message, StringComparison.Ordinal);
        Assert.Contains("already", Assert.Throws<ArgumentException>(() => new WithBuffer("first")).Message, StringComparison.Ordinal);
        Assert.Contains("dots", Assert.Throws<ArgumentException>(() => new WithBuffer("a.b")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "AddParameter", Assert.Throws<ArgumentException>(() => new WithBuffer("b", trained: true)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_path);

    private static Sequential Net(ulong seed) => new(
        new Linear(3, 5, bias: false, random: new RandomGenerator(seed)),
        new BatchNorm1d(5),
        new Sequential(new BatchNorm1d(5, affine: false)));

    private sealed class WithBuffer : Module
    {
        public WithBuffer(string name, bool trained = false)
        {
            AddParameter("weight", Tensor.Ones(1));
            AddBuffer("first", Tensor.Ones(1));
            Tensor buffer = Tensor.Ones(1);
            buffer.RequiresGrad = trained;
            AddBuffer(name, buffer);
        }
    }
}
