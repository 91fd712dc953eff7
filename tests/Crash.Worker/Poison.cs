using System.Data.Common;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Reliability;
using Reliability.Crash;

[assembly: HandlerJson(typeof(WorkJson))]

namespace Reliability.Crash;

[PublishTo("poison.work")]
public sealed record Work(string Id);

[JsonSerializable(typeof(Work))]
internal sealed partial class WorkJson : JsonSerializerContext;

/// <summary>A handler that one message kills, together with its process.</summary>
public static class Poison
{
    public const int Attempts = 3;

    [LocalHandler("poison.work", DedupeKey = nameof(Work.Id), Attempts = Attempts)]
    [RabbitMqHandler("poison.work", DedupeKey = nameof(Work.Id), Attempts = Attempts)]
    [KafkaHandler("poison.work", DedupeKey = nameof(Work.Id), Attempts = Attempts)]
    public static async Task DoAsync(Work work, DbTransaction transaction, CancellationToken cancellationToken)
    {
        if (work.Id == "poison")
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
        }

        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO effects(text) VALUES (@text)";
        var parameter = command.CreateParameter();
        parameter.ParameterName = "@text";
        parameter.Value = work.Id;
        command.Parameters.Add(parameter);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
