using System.CommandLine;
using Shop.Demo;

namespace Shop;

/// <summary>The command line: <c>demo</c> runs and kills workers and counts; <c>worker</c> is one of them.</summary>
public static class ShopCommands
{
    public static Task<int> RunAsync(string[] args, UseKafka? useKafka)
    {
        var folder = new Option<string>("--folder") { Description = "Where the database and the workers' logs go. Default: a new scratch folder." };
        var orders = new Option<int>("--orders") { Description = "How many orders are taken.", DefaultValueFactory = _ => 10_000 };
        var kills = new Option<int>("--kills") { Description = "How often a worker is killed with SIGKILL.", DefaultValueFactory = _ => 8 };
        var seed = new Option<int>("--seed") { Description = "Repeats a run: orders and moments of the kills follow from it.", DefaultValueFactory = _ => Random.Shared.Next(1_000_000) };
        var broker = new Option<string?>("--broker") { Description = "A RabbitMQ URI, amqp://user:password@host:port/vhost, or auto: a node of the demo's own. Default: queues in the database itself." };
        var kafka = new Option<string?>("--kafka") { Description = "Kafka's bootstrap servers, host:port." };
        var postgres = new Option<string?>("--postgres") { Description = "A connection string of Npgsql, Host=…;Database=…;Username=…, or auto: a server of the demo's own. Default: a SQLite file in the folder." };
        var serverKills = new Option<int>("--server-kills") { Description = "How often each server of the demo's own (auto) is killed with SIGKILL, and started again.", DefaultValueFactory = _ => 2 };
        var workers = new Option<int>("--workers") { Description = "How many workers run at once. More than one needs PostgreSQL.", DefaultValueFactory = _ => 1 };

        ShopSettings Settings(ParseResult parsed) => new(
            parsed.GetValue(folder) ?? Directory.CreateTempSubdirectory("shop-").FullName,
            parsed.GetValue(orders),
            parsed.GetValue(seed),
            parsed.GetValue(broker),
            parsed.GetValue(kafka),
            parsed.GetValue(postgres));

        var demo = new Command("demo", "Takes orders while workers and servers are killed again and again, then counts.")
        {
            folder, orders, kills, serverKills, workers, seed, broker, kafka, postgres,
        };
        demo.SetAction((parsed, cancellationToken) => new KillingDemo(
            Settings(parsed), parsed.GetValue(workers), parsed.GetValue(kills), parsed.GetValue(serverKills)).RunAsync(cancellationToken));

        var worker = new Command("worker", "Runs the shop until it is stopped.") { folder, orders, seed, broker, kafka, postgres };
        worker.SetAction((parsed, cancellationToken) => Worker.RunAsync(Settings(parsed), useKafka, cancellationToken));

        // The host stops by itself when asked to, and may take its time; by default the process would be ended two seconds later.
        var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null };
        return new RootCommand("A small shop whose handlers lose and double nothing.") { demo, worker }.Parse(args).InvokeAsync(invocation);
    }
}
