namespace Nabla.Kernels;

/// <summary>Fills contiguous memory with one value.</summary>
internal static unsafe class FillKernel
{
    /// <summary>Sets <paramref name="count"/> elements to <paramref name="value"/>.</summary>
    public static void Run(float* destination, int count, float value)
        => ParallelFor.Run(count, 1, new Body(destination, value));

    private readonly struct Body(float* destination, float value) : IParallelBody
    {
        public void Run(int start, int end) => new Span<float>(destination + start, end - start).Fill(value);
    }
}
