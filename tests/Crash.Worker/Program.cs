using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reliability;
using Reliability.Crash;

// worker DATABASE local | rabbitmq URI | kafka SERVERS: sends its messages once, then handles until it is stopped or killed.
var (database, transport, address) = (args[0], args[1], args.ElementAtOrDefault(2) ?? "");
var isFirst = !File.Exists(database);
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
if (isFirst)
{
    await using var work = await host.Services.GetRequiredService<IReliability>().BeginAsync();
    foreach (var id in (string[])["before", "poison", "after"])
    {
        work.Outbox.Publish(new Work(id));
    }

    await work.CommitAsync();
}

await host.WaitForShutdownAsync();
