using System.Globalization;
using Reliability.Tests.Services;

// A mock cluster for processes that start and die around it: prints its bootstrap servers, and lives until standard input closes.
// Arguments: topics to create, each as name or name:partitions.
using var cluster = MockKafkaCluster.Start();
foreach (var argument in args)
{
    var (topic, partitions) = argument.Split(':') is [var name, var number] ? (name, int.Parse(number, CultureInfo.InvariantCulture)) : (argument, 4);
    cluster.CreateTopic(topic, partitions);
}

Console.WriteLine(cluster.BootstrapServers);
while (Console.In.Read() >= 0)
{
}
