using System.Diagnostics;
using System.Reflection;

namespace Reliability.Tests.Services;

/// <summary>
/// A real server that one test owns: an ordinary process over a scratch folder, which the test may kill and bring back.
/// <c>eng/server.sh</c> does the starting; it lives as long as its standard input is open, so the server ends with this process even
/// when this process is killed.
/// </summary>
public abstract class TestServer : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(60);

    internal static readonly string Script = typeof(TestServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "ServerScript").Value!;

    private readonly string _kind;
    private Process? _holder;

    /// <summary>Prepares a server of a kind that <c>eng/server.sh</c> knows; nothing is started yet.</summary>
    protected TestServer(string kind)
    {
        _kind = kind;
        Folder = Directory.CreateTempSubdirectory($"reliability-{kind}-").FullName;
    }

    /// <summary>The folder with the server's data and logs; deleted with the server.</summary>
    public string Folder { get; }

    /// <summary>How clients reach the server; the same before and after a restart.</summary>
    protected string Address { get; private set; } = "";

    /// <summary>What <c>eng/server.sh run</c> is given beside the kind and the folder.</summary>
    protected virtual IEnumerable<string> StartArguments => [];

    /// <summary>Kills the server with SIGKILL, children included: nothing is flushed, no connection is closed in order. Its data stays.</summary>
    /// <exception cref="InvalidOperationException">The server does not run.</exception>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        var holder = Running();
        await RunScriptAsync(["signal", Folder, "KILL"], cancellationToken).ConfigureAwait(false);
        await ReleaseAsync(holder, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts the server again over its own data and port, killing it first if it still runs; returns once it answers.</summary>
    /// <exception cref="InvalidOperationException">It does not start; the message has the end of its output.</exception>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        if (_holder is not null)
            await KillAsync(cancellationToken).ConfigureAwait(false);
        await StartServerAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops the server's processes where they stand (SIGSTOP): connections stay open and nothing answers.</summary>
    public Task PauseAsync(CancellationToken cancellationToken = default) => RunScriptAsync(["signal", Folder, "STOP"], cancellationToken);

    /// <summary>Lets a paused server go on (SIGCONT).</summary>
    public Task ResumeAsync(CancellationToken cancellationToken = default) => RunScriptAsync(["signal", Folder, "CONT"], cancellationToken);

    /// <summary>Ends the server and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_holder is { } holder)
        {
            holder.StandardInput.Close();
            await ReleaseAsync(holder, CancellationToken.None).ConfigureAwait(false);
        }

        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the server over <see cref="Folder"/> and waits until it answers.</summary>
    protected async Task StartServerAsync(CancellationToken cancellationToken)
    {
        var holder = Launch(["run", _kind, Folder, .. StartArguments], redirectInput: true);
        _holder = holder;
        var errors = holder.StandardError.ReadToEndAsync(CancellationToken.None);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartDeadline);
        if (await holder.StandardOutput.ReadLineAsync(deadline.Token).ConfigureAwait(false) is not { } ready)
        {
            await ReleaseAsync(holder, cancellationToken).ConfigureAwait(false);
            throw new InvalidOperationException($"The {_kind} server did not start. {await errors.ConfigureAwait(false)}");
        }

        Address = ready["ready ".Length..];
    }

    /// <summary>Runs <c>eng/server.sh</c> with some arguments to its end and returns its output.</summary>
    /// <exception cref="InvalidOperationException">It exited with another status than 0; the message has what it said.</exception>
    protected static async Task<string> RunScriptAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Launch(arguments, redirectInput: false);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"server.sh {string.Join(' ', process.StartInfo.ArgumentList.Skip(1))}: {output}{await errors.ConfigureAwait(false)}");
    }

    private static Process Launch(IEnumerable<string> arguments, bool redirectInput) => Process.Start(
        new ProcessStartInfo("bash", [Script, .. arguments])
        {
            RedirectStandardInput = redirectInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private Process Running() => _holder ?? throw new InvalidOperationException($"The {_kind} server in {Folder} does not run; RestartAsync brings it back.");

    private async Task ReleaseAsync(Process holder, CancellationToken cancellationToken)
    {
        await holder.WaitForExitAsync(cancellationToken).WaitAsync(EndDeadline, cancellationToken).ConfigureAwait(false);
        holder.Dispose();
        _holder = null;
    }
}
