using Nabla.IO;

namespace Nabla.Nn;

/// <content>What a module is saved as: its parameters, and the buffers that are no parameters.</content>
public abstract partial class Module
{
    private readonly List<KeyValuePair<string, Tensor>> _buffers = [];

    /// <summary>
    /// Returns every buffer below this module with its path: tensors that belong to the model but are not trained, such as the
    /// running statistics of batch norm.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> NamedBuffers() => Collect(parameters: false, buffers: true);

    /// <summary>
    /// Returns all that a saved model consists of, by path: of each module its parameters, then its buffers, then what its
    /// children have. A tensor used in two places appears once, under its first path.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() => Collect(parameters: true, buffers: true);

    /// <summary>Writes <see cref="StateDict"/> to a safetensors file, which is replaced whole or not at all.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <exception cref="IOException">The file cannot be written; an old one is left as it was.</exception>
    public void Save(string path) => SafetensorsFile.Write(path, StateDict());

    /// <summary>
    /// Reads the parameters and buffers from a safetensors file that has them under the same names, made by <see cref="Save"/>
    /// or by another library. What else the file holds is left alone.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="TensorFileException">
    /// The file is no safetensors file, or a tensor is missing or has another shape; the module is unchanged then.
    /// </exception>
    public void Load(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        IReadOnlyList<KeyValuePair<string, Tensor>> state = StateDict();
        foreach ((string name, Tensor tensor) in state)
        {
            file.Check(name, tensor);
        }

        foreach ((string name, Tensor tensor) in state)
        {
            file.ReadInto(name, tensor);
        }
    }

    /// <summary>Makes a tensor a buffer of this module: saved and loaded with it, and not trained.</summary>
    /// <param name="name">Its name in this module, such as <c>running_mean</c>.</param>
    /// <param name="buffer">A tensor that requires no gradient.</param>
    /// <returns>The buffer.</returns>
    /// <exception cref="ArgumentException">The name is taken, or it is empty or has a dot; or the tensor requires a gradient.</exception>
    protected Tensor AddBuffer(string name, Tensor buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        CheckName(name);
        if (buffer.RequiresGrad)
        {
            throw new ArgumentException($"{GetType().Name}: the buffer '{name}' requires a gradient; AddParameter is for what is trained.");
        }

        _buffers.Add(new(name, buffer.Keep()));
        return buffer;
    }
}
