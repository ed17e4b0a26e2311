namespace Nabla.Plotting.Tests;

public sealed class FigureTests
{
    [Fact]
    public void Saving_makes_the_folder_and_leaves_nothing_beside_the_file()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            string path = Path.Combine(folder, "figures", "dot.svg");
            new Dot().Save(path);

            Assert.Equal("<svg/>", File.ReadAllText(path));
            Assert.Single(Directory.EnumerateFiles(Path.Combine(folder, "figures")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Dot : Figure
    {
        public override int Width => 1;

        public override int Height => 1;

        public override string ToSvg() => "<svg/>";
    }
}
