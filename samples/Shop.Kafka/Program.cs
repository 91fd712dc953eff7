using Reliability;
using Shop;

// The same shop, with Kafka to choose from as well: shop-kafka demo --kafka host:port
return await ShopCommands.RunAsync(args, (reliability, bootstrapServers, run) => reliability.UseKafka(bootstrapServers, groupId: $"shop-{run}", options =>
    // How soon the group notices that a worker was killed; by default 45 s pass before its partitions go to another.
    options.Client["session.timeout.ms"] = "6000"));
