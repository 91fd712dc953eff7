using Microsoft.Extensions.DependencyInjection;
using Reliability;
using Reliability.Worker;

// Usage: worker <command> <database>. Prints one line when it has done what was asked, then waits for its end on standard input.
//   start        opens the store
//   hold         … and leases a committed outbox row
//   write        … and writes all that a handler writes, without committing
//   fill         … and fills the disk that the file is on: see Disk.cs
//   visit        attaches, looks and mends: see Visit.cs
//   visit-write  attaches and writes, without committing
var (command, file) = (args[0], args[1]);
var services = new ServiceCollection();
services.AddReliability(reliability => reliability.UseSqlite(file, options => options.InstanceWait = TimeSpan.Zero));
await using var provider = services.BuildServiceProvider();
var store = provider.GetRequiredService<IMessageStore>();
try
{
    if (command.StartsWith("visit", StringComparison.Ordinal))
        await store.AttachAsync(CancellationToken.None);
    else
        await store.StartAsync([new ConsumerRegistration(Messages.Billing, [])], CancellationToken.None);
}
catch (StoreException error)
{
    Console.WriteLine("StoreException: " + error.Message);
    return 1;
}
catch (Exception error) when (store.IsUnavailable(error))
{
    Console.WriteLine("unavailable: " + error.Message);
    return 1;
}

var line = command switch
{
    "hold" => await Writes.CommitAsync(store),
    "write" => await Writes.CommitAsync(store) + await Writes.LeaveOpenAsync(store),
    "fill" => await Disk.FillAsync(store, Path.GetDirectoryName(file)!),
    "visit" => await Visit.MendAsync(store),
    "visit-write" => await Writes.LeaveOpenAsync(store),
    _ => "",
};
Console.WriteLine(line.Length == 0 ? "ready" : line);
await Console.In.ReadLineAsync();
return 0;
