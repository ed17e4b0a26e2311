namespace Nabla.Tests.Tensors;

/// <summary>Whose memory is whose: of small tensors, which share blocks, and of large ones, which do not.</summary>
public class MemoryScopeTests
{
    public static TheoryData<int> Sizes => [1, 64, 65, 10_000];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_tensor_is_gone_with_its_scope(int size)
    {
        Tensor x;
        Tensor view;
        using (MemoryScope.Begin())
        {
            x = Tensor.Ones(size);
            view = x.View(size, 1);
        }

        string message = Assert.Throws<ObjectDisposedException>(() => x.ToArray()).Message;
        Assert.Contains("call Keep() on it inside the scope", message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => view + 1);
        Assert.Throws<ObjectDisposedException>(() => x.FillInPlace(1));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_kept_tensor_goes_with_the_outermost_scope_that_it_is_not_kept_in(int size)
    {
        Tensor forGood;
        Tensor forTheOuter;
        using (MemoryScope.Begin())
        {
            using (MemoryScope.Begin())
            {
                forGood = Tensor.Ones(size).Keep();
                forTheOuter = Tensor.Ones(size).Keep();
            }

            Assert.Equal(1, forTheOuter.Max().Item());
            forGood.Keep();
        }

        Tensor.Full(new Shape(size), 2);
        Assert.Equal(1, forGood.Max().Item());
        Assert.Throws<ObjectDisposedException>(() => forTheOuter.Max());
    }

    [Fact]
    public void A_scope_writes_where_the_one_before_wrote_and_not_where_that_kept()
    {
        Tensor kept;
        nint released;
        using (MemoryScope.Begin())
        {
            kept = Tensor.Ones(10_000).Keep();
            released = Tensor.Ones(10_000).Storage.Address;
        }

        using (MemoryScope.Begin())
        {
            Assert.Equal(released, Tensor.Zeros(10_000).Storage.Address);
            Assert.NotEqual(kept.Storage.Address, Tensor.Zeros(10_000).Storage.Address);
        }

        Assert.Equal(1, kept.Min().Item());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tensors_never_share_elements(bool scoped)
    {
        int[] sizes = [0, 1, 2, 15, 16, 17, 63, 64, 65, 200];
        Random random = new(1);
        List<(Tensor Tensor, float Value)> kept = [];
        for (int round = 0; round < 300; round++)
        {
            using MemoryScope? scope = scoped ? MemoryScope.Begin() : null;
            for (int i = 0; i < 20; i++)
            {
                float value = (round * 20) + i;
                Tensor x = Tensor.Full(new Shape(sizes[random.Next(sizes.Length)]), value);
                if (random.Next(10) == 0)
                {
                    kept.Add((x.Keep(), value));
                }
            }

            if (round % 50 == 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }

        Assert.DoesNotContain(kept, entry => entry.Tensor.ToArray().AsSpan().ContainsAnyExcept(entry.Value));
    }
}
