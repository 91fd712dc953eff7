namespace Reliability.Tests;

/// <summary>A folder for one run of the shop.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("crash-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
