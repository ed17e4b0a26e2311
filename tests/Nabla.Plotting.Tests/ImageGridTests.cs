namespace Nabla.Plotting.Tests;

public sealed class ImageGridTests
{
    [Fact]
    public void Images_share_one_scale_or_have_their_own()
    {
        float[][] images = [[0, 1], [0, 4]];
        Assert.Equal(["0,64", "0,255"], Pixels(new ImageGrid(1, 2, images)));
        Assert.Equal(["0,255", "0,255"], Pixels(new ImageGrid(1, 2, images) { ScaleEach = true }));
    }

    [Fact]
    public void Diverging_images_have_zero_in_the_middle()
        => Assert.Equal(["63,126,32"], Pixels(new ImageGrid(1, 3, [[0, 2, -1]]) { Diverging = true }));

    [Fact]
    public void An_image_without_contrast_or_with_what_is_no_number_is_drawn()
        => Assert.Equal(["0,0", "0,0"], Pixels(new ImageGrid(1, 2, [[3, 3], [float.NaN, float.PositiveInfinity]])));

    [Fact]
    public void Images_stand_in_rows_with_their_captions_below()
    {
        ImageGrid grid = new(2, 2, Enumerable.Range(0, 5).Select(i => new float[] { i, 0, 0, 1 }))
        {
            Columns = 2,
            Scale = 10,
            Captions = ["a", "b", "c", "d", "e"],
        };
        var images = Geometry.Elements(grid, "pixels");
        var captions = Geometry.Elements(grid, "tick");
        Assert.Equal(3, images.Select(image => Geometry.Number(image, "y")).Distinct().Count());
        Assert.All(images.Zip(captions), pair => Assert.InRange(
            Geometry.Number(pair.Second, "y") - Geometry.Number(pair.First, "y"), 20, 37));
    }

    [Fact]
    public void A_wrong_argument_is_said_in_one_line()
    {
        Assert.StartsWith("ImageGrid: image 1 has 1 values, but 2 x 2 pixels need 4.",
            Assert.Throws<ArgumentException>(() => new ImageGrid(2, 2, [new float[4], [0]])).Message, StringComparison.Ordinal);
        Assert.StartsWith("ImageGrid: there is no image.",
            Assert.Throws<ArgumentException>(() => new ImageGrid(2, 2, [])).Message, StringComparison.Ordinal);
        Assert.Equal("ImageGrid: 1 images, but 2 captions; there must be one for each.",
            Assert.Throws<InvalidOperationException>(() => new ImageGrid(1, 1, [[0]]) { Captions = ["a", "b"] }.ToSvg()).Message);
    }

    // The pictures are stored: pixels lie before the checks of zlib and of the chunk, and the last chunk.
    private static string[] Pixels(ImageGrid grid) => [.. Geometry.Elements(grid, "pixels").Select(image =>
    {
        byte[] png = Convert.FromBase64String(image.Attribute("href")!.Value.Split(',')[1]);
        int width = png[19];
        return string.Join(',', png[^(20 + width)..^20]);
    })];
}
