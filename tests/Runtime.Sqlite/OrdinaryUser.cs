namespace Reliability.Tests;

/// <summary>Root may write everywhere, so that permissions are tried as the user "nobody".</summary>
internal static class OrdinaryUser
{
    /// <summary>Runs a worker, and gives the line that it said.</summary>
    public static async Task<string> RunAsync(string command, string database)
    {
        var folder = Directory.CreateTempSubdirectory("reliability-worker-").FullName;
        try
        {
            foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            foreach (var directory in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Prepend(folder))
                Allow((UnixFileMode)0b101_101_101 | UnixFileMode.UserWrite, directory);

            string[]? wrapper = Environment.UserName == "root" ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : null;
            var (worker, line) = await WorkerProcess.StartAsync(command, database, folder, wrapper);
            await worker.DisposeAsync();
            return line;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static void Allow(UnixFileMode mode, string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }
}
