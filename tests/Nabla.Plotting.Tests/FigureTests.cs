namespace Nabla.Plotting.Tests;

public sealed class FigureTests
{
    [Fact]
    public void Saving_makes_the_folder_and_leaves_nothing_beside_the_file()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            string path = Path.Combine(folder, "figures", "chart.svg");
            Chart chart = new("x²");
            chart.Save(path);

            Assert.Equal(chart.ToSvg(), File.ReadAllText(path));
            Assert.Single(Directory.EnumerateFiles(Path.Combine(folder, "figures")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
