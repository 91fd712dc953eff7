using System.Diagnostics;
using System.Globalization;

namespace Reliability.Connections;

/// <summary>
/// Says that this process alone works on the file. It is the operating system's lock on an open file, so the kernel ends it with the process, however
/// that ends; the lock file itself stays, since removing it would let two processes lock two files of one name.
/// </summary>
internal sealed class InstanceLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly DatabaseFile _file;
    private readonly FileStream _lock;

    private InstanceLock(DatabaseFile file, FileStream locked)
    {
        _file = file;
        _lock = locked;
    }

    /// <summary>Takes the lock, waiting for a holder to leave.</summary>
    /// <exception cref="StoreException">It is held by another, or cannot be taken in this place.</exception>
    public static async ValueTask<InstanceLock> TakeAsync(DatabaseFile file, TimeSpan wait, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        FileStream? locked;
        while ((locked = TryLock(file)) is null)
        {
            if (waited.Elapsed >= wait)
                throw HeldByAnother(file, wait);

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            RequireThatLocksHold(file);
            // Beside the locked file, since that one cannot be read while it is locked.
            await File.WriteAllTextAsync(file.HolderPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false);
            return new InstanceLock(file, locked);
        }
        catch
        {
            await locked.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public void Dispose()
    {
        File.Delete(_file.HolderPath);
        _lock.Dispose();
    }

    private static FileStream? TryLock(DatabaseFile file)
    {
        try
        {
            return new FileStream(file.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new StoreException(
                $"The SQLite store needs to write in the folder '{file.Folder}' and may not ({file.LockPath}). Grant this process's user write access to the folder, or name a file elsewhere.", error);
        }
        catch (IOException error) when (IsHeld(error))
        {
            return null;
        }
        catch (IOException error)
        {
            throw new StoreException($"The SQLite store cannot open its lock file '{file.LockPath}': {error.Message}", error);
        }
    }

    // Windows' sharing violation; elsewhere the errno EWOULDBLOCK of Linux and of the BSDs.
    private static bool IsHeld(IOException error) => error.HResult is unchecked((int)0x80070020) or 11 or 35;

    // Some file systems, and the runtime's switch System.IO.DisableFileLocking, let locks succeed that keep nobody out.
    private static void RequireThatLocksHold(DatabaseFile file)
    {
        using var second = TryLock(file);
        if (second is not null)
        {
            throw new StoreException(
                $"File locks have no effect on '{file.LockPath}', so a second instance could not be kept away from '{file.Path}'. Use a local disk, and leave System.IO.DisableFileLocking off.");
        }
    }

    private static StoreException HeldByAnother(DatabaseFile file, TimeSpan wait) => new(
        $"Another instance uses '{file.Path}' (process {HolderOf(file)}, lock '{file.LockPath}'), and did not leave it within {wait.TotalSeconds:0.#} s. " +
        $"One process at a time can use a SQLite store: stop the other, name another file, or raise {nameof(SqliteStoreOptions)}.{nameof(SqliteStoreOptions.InstanceWait)}.");

    private static string HolderOf(DatabaseFile file)
    {
        try
        {
            return File.ReadAllText(file.HolderPath).Trim() is { Length: > 0 } pid ? pid : "unknown";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
