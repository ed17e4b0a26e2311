namespace Nabla.IO;

/// <summary>What the header of a safetensors file says about one tensor.</summary>
public sealed class SafetensorsEntry
{
    internal SafetensorsEntry(string name, string typeName, in Shape shape, long offset, long byteCount)
    {
        Name = name;
        TypeName = typeName;
        Type = Enum.TryParse(typeName, out TensorFileType type) ? type : TensorFileType.Other;
        Shape = shape;
        Offset = offset;
        ByteCount = byteCount;
    }

    /// <summary>Gets the name, unlike that of any other tensor of the file.</summary>
    public string Name { get; }

    /// <summary>Gets the format's name of the type, such as <c>F32</c> or <c>BOOL</c>.</summary>
    public string TypeName { get; }

    /// <summary>Gets how the numbers are stored.</summary>
    public TensorFileType Type { get; }

    /// <summary>Gets the sizes of the dimensions.</summary>
    public Shape Shape { get; }

    /// <summary>Gets the place of the first byte, counted from the beginning of the file.</summary>
    public long Offset { get; }

    /// <summary>Gets the number of bytes.</summary>
    public long ByteCount { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {TypeName} {Shape}";
}
