using Reliability.Tests.Services;

namespace Shop.Demo;

/// <summary>Kills one server with SIGKILL and starts it again over its data, while the shop goes on as well as it can.</summary>
public sealed class ServerKills(TestServer server, KillPlan plan)
{
    private Task _restart = Task.CompletedTask;

    /// <summary>How often it was killed.</summary>
    public int Count { get; private set; }

    /// <summary>Killed, and not yet back.</summary>
    public bool IsAway => !_restart.IsCompleted;

    /// <summary>Kills it where that is due; does not wait until it is back. True where it did.</summary>
    public async Task<bool> BeginDueAsync(long steps, CancellationToken cancellationToken)
    {
        if (IsAway || !plan.IsDue(steps))
        {
            return false;
        }

        await _restart;
        await Task.Delay(plan.Take(), cancellationToken);
        Count++;
        _restart = KillAndRestartAsync(cancellationToken);
        return true;
    }

    /// <summary>Returns once it answers again.</summary>
    /// <exception cref="InvalidOperationException">It does not come back; the message has the end of its output.</exception>
    public Task UntilBackAsync() => _restart;

    private async Task KillAndRestartAsync(CancellationToken cancellationToken)
    {
        await server.KillAsync(cancellationToken);
        await server.RestartAsync(cancellationToken);
    }
}
