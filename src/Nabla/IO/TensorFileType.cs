namespace Nabla.IO;

/// <summary>How a file stores each number of a tensor; always little-endian in safetensors.</summary>
public enum TensorFileType
{
    /// <summary>IEEE 754 single precision, 4 bytes: what a <see cref="Tensor"/> holds in memory.</summary>
    F32,

    /// <summary>IEEE 754 half precision, 2 bytes.</summary>
    F16,

    /// <summary>The upper half of a single precision number, 2 bytes: its range, with 8 significant bits.</summary>
    BF16,

    /// <summary>Signed integer of 4 bytes: what an <see cref="IndexTensor"/> holds in memory.</summary>
    I32,

    /// <summary>Signed integer of 8 bytes.</summary>
    I64,

    /// <summary>Unsigned integer of 1 byte.</summary>
    U8,

    /// <summary>Unsigned integer of 2 bytes.</summary>
    U16,

    /// <summary>Unsigned integer of 4 bytes.</summary>
    U32,

    /// <summary>IEEE 754 double precision, 8 bytes; rounded to single precision when it is read.</summary>
    F64,

    /// <summary>A type that tensors cannot take, such as truth values; only its bytes can be read.</summary>
    Other,
}
