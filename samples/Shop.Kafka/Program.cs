using Reliability;
using Shop;

// The same shop, with Kafka to choose from as well: shop-kafka demo --kafka host:port
return await ShopCommands.RunAsync(args, (reliability, bootstrapServers, run) => reliability.UseKafka(bootstrapServers, groupId: $"shop-{run}"));
