using Reliability;

namespace Shop;

/// <summary>What one run of the shop is: passed on from the demo to each worker process.</summary>
/// <param name="Folder">Where the database and logs are.</param>
/// <param name="Orders">How many orders are taken.</param>
/// <param name="Seed">What orders and kills follow from.</param>
/// <param name="Broker">A RabbitMQ URI, or null.</param>
/// <param name="Kafka">Kafka's bootstrap servers, or null.</param>
/// <param name="Postgres">A connection string of Npgsql, or null: SQLite.</param>
public sealed record ShopSettings(string Folder, int Orders, int Seed, string? Broker, string? Kafka, string? Postgres)
{
    /// <summary>By what messages travel.</summary>
    public string Transport => Broker is not null ? TransportNames.RabbitMq : Kafka is not null ? TransportNames.Kafka : TransportNames.Local;

    /// <summary>What the run comes to: each order is taken, billed and shipped.</summary>
    public long Steps => Orders * 3L;

    /// <summary>The run's database.</summary>
    public ShopDatabase Database => new(this);

    /// <summary>Tells one run from another where a broker remembers: the folder's name.</summary>
    public string Run => Path.GetFileName(Path.TrimEndingDirectorySeparator(Folder));
}
