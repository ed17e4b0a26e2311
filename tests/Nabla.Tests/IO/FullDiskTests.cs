using System.Diagnostics;
using Nabla.IO;

namespace Nabla.Tests.IO;

/// <summary>What happens to a file when there is no room for its successor, on a real file system of 64 KB.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private bool _mounted;

    public void Dispose()
    {
        if (_mounted)
        {
            Run("umount", _folder.Path);
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData("t.safetensors", 100_000)]
    [InlineData("t.npy", 100_000)]
    [InlineData("t.safetensors", 14_000)] // the numbers are short enough to wait in a buffer until the file is closed
    public void When_the_disk_is_full_the_old_file_stays_and_nothing_else(string name, int count)
    {
        MountSmallDisk();
        string path = _folder.File(name);
        Save(path, Tensor.Ones(3));
        byte[] old = File.ReadAllBytes(path);
        File.WriteAllBytes(_folder.File("filler"), new byte[16 << 10]);

        IOException exception = Assert.Throws<IOException>(() => Save(path, Tensor.Zeros(count)));

        Assert.DoesNotContain('\n', exception.Message);
        Assert.Equal(old, File.ReadAllBytes(path));
        Assert.Equal(["filler", name], _folder.Names());
        File.Delete(_folder.File("filler"));
        Save(path, Tensor.Zeros(5));
        Assert.NotEqual(old, File.ReadAllBytes(path));
    }

    [Fact]
    public void When_the_last_bytes_do_not_fit_the_old_file_stays_and_nothing_else()
    {
        MountSmallDisk();
        string path = _folder.File("t.safetensors");
        Save(path, Tensor.Ones(3));
        byte[] old = File.ReadAllBytes(path);
        FillDisk();

        Assert.Throws<IOException>(() => Save(path, Tensor.Zeros(3)));

        Assert.Equal(old, File.ReadAllBytes(path));
        Assert.Equal(["filler", "t.safetensors"], _folder.Names());
    }

    private static void Save(string path, Tensor tensor)
    {
        if (path.EndsWith(".npy", StringComparison.Ordinal))
        {
            NpyFile.Write(path, tensor);
        }
        else
        {
            SafetensorsFile.Write(path, [new("w", tensor)]);
        }
    }

    private void FillDisk()
    {
        using FileStream stream = new(_folder.File("filler"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
        });
        Assert.Throws<IOException>(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                stream.Write(new byte[4096]);
            }
        });
    }

    private void MountSmallDisk()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Needs root on Linux, to mount a small disk.");
        _mounted = Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", _folder.Path);
        Assert.SkipUnless(_mounted, "Needs to mount a small disk, and mounting is not allowed here.");
    }

    private static bool Run(string command, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
