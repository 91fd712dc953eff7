using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Reliability.Tests.Sending;

/// <summary>
/// One relay as a process of its own runs it, over a store that several share. Killed, it makes no further call: neither to the store nor to the broker.
/// </summary>
internal sealed class RelayProcess : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly MortalStore _store;
    private readonly Task _running;

    public RelayProcess(IMessageStore store, ITransport transport, RecordedLogs logs, TimeSpan? lease = null)
    {
        _store = new MortalStore(store);
        var options = new ReliabilityOptions
        {
            Relay = new RelayOptions
            {
                Lease = lease ?? TimeSpan.FromSeconds(2),
                PollInterval = TimeSpan.FromMilliseconds(50),
                IdlePollInterval = TimeSpan.FromMilliseconds(200),
                Attempts = 50,
            },
        };
        var catalog = new HandlerCatalog([], [new MessageType<Paid>("Paid", TestJson.Default.Paid, "out", transport.Name)], [transport], options);
        var intakes = new OutboxIntakes();
        Sender = new Sender(_store.Proxy, catalog, intakes, TimeProvider.System);
        var relays = new Relays(_store.Proxy, catalog, intakes, options, TimeProvider.System, LoggerFactory.Create(log => log.SetMinimumLevel(LogLevel.Trace).AddProvider(logs)));
        relays.Open();
        _running = Task.Run(() => relays.RunAsync(_stop.Token, _abort.Token));
    }

    public IReliability Sender { get; }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <summary>Ends it in the middle of whatever it does.</summary>
    public async Task KillAsync()
    {
        _store.Die();
        await _stop.CancelAsync();
        await _abort.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_running.IsCompleted)
        {
            await StopAsync();
        }

        _stop.Dispose();
        _abort.Dispose();
    }
}

/// <summary>A store of which several processes may be users, and which one of them loses when it dies.</summary>
internal sealed class MortalStore
{
    private readonly Life _life = new();

    public MortalStore(IMessageStore store) => Proxy = MortalProxy.Around(store, _life);

    public IMessageStore Proxy { get; }

    public void Die() => _life.IsOver = true;
}

internal sealed class Life
{
    public volatile bool IsOver;
    public int Calls;
}

/// <summary>Passes calls on while its owner lives.</summary>
#pragma warning disable CA1852 // The framework derives from it.
internal class MortalProxy : DispatchProxy
#pragma warning restore CA1852
{
    private object _inner = null!;
    private Life _life = null!;

    public static T Around<T>(T inner, Life life)
        where T : class
    {
        var proxy = Create<T, MortalProxy>();
        ((MortalProxy)(object)proxy)._inner = inner;
        ((MortalProxy)(object)proxy)._life = life;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == $"get_{nameof(IMessageStore.IsExclusive)}")
        {
            return false;
        }

        if (targetMethod.ReturnType == typeof(IOutboxTable))
        {
            return Around((IOutboxTable)targetMethod.Invoke(_inner, args)!, _life);
        }

        if (targetMethod.ReturnType == typeof(ILeaseTable))
        {
            return Around((ILeaseTable)targetMethod.Invoke(_inner, args)!, _life);
        }

        Interlocked.Increment(ref _life.Calls);
        return _life.IsOver ? throw new InvalidOperationException("The process is dead.") : targetMethod.Invoke(_inner, args);
    }
}
