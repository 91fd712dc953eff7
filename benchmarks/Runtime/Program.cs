using System.CommandLine;
using Reliability.Benchmarks.Confirms;
using Reliability.Benchmarks.Local;

var root = new RootCommand("Measures the runtime against the code that people write by hand, on real servers, in one run. Run it with -c Release on a quiet machine.")
{
    LocalCommand.Create(),
    ConfirmsCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
