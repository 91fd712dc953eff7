using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reliability;
using Reliability.Crash;

// worker DATABASE local | rabbitmq URI | kafka SERVERS [again]: sends its messages once, or the poison again at every start as a relay does that died before it
// saw the confirm; then handles until it is stopped or killed.
var (database, transport, address) = (args[0], args[1], args.ElementAtOrDefault(2) ?? "");
string[] messages = File.Exists(database) ? args.Contains("again") ? ["poison"] : [] : ["before", "poison", "after"];
await using (var connection = new SqliteConnection($"Data Source={database}"))
{
    await connection.OpenAsync();
    await using var command = connection.CreateCommand();
    command.CommandText = "PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS effects(text TEXT NOT NULL)";
    await command.ExecuteNonQueryAsync();
}

var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddReliability(reliability =>
{
    reliability.UseSqlite(database).AddHandlers(handler => handler.Transport == transport);
    _ = transport switch
    {
        TransportNames.RabbitMq => reliability.UseRabbitMq(address),
        TransportNames.Kafka => reliability.UseKafka(address, "poison"),
        _ => reliability,
    };
});
using var host = builder.Build();
await host.StartAsync();
if (messages.Length > 0)
{
    await using var work = await host.Services.GetRequiredService<IReliability>().BeginAsync();
    foreach (var id in messages)
    {
        work.Outbox.Publish(new Work(id));
    }

    await work.CommitAsync();
}

await host.WaitForShutdownAsync();
