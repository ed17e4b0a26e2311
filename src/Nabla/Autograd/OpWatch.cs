namespace Nabla.Autograd;

/// <summary>Sees operations as they end, so that a profile can time them. Where nobody watches it costs one comparison.</summary>
internal static class OpWatch
{
    /// <summary>Gets or sets what is told of each operation: with its output after its forward, with null after its backward.</summary>
    public static Action<Op, Tensor?>? Ended { get; set; }
}
