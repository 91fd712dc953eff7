using System.Diagnostics;
using System.Net.Sockets;
using Reliability.Tests.Services;

namespace Reliability.Tests;

public sealed class OwnerDeathTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_ends_and_its_folder_goes_when_the_process_that_started_it_is_killed()
    {
        var folder = Directory.CreateTempSubdirectory("reliability-owner-").FullName;
        // The owner: a shell that holds the write end of the node's standard input, and does nothing else.
        using var owner = Process.Start(new ProcessStartInfo("bash", ["-c", "exec {hold}> >(exec bash \"$0\" run rabbitmq \"$1\"); exec sleep 600", TestServer.Script, folder])
        {
            RedirectStandardOutput = true,
        })!;
        var ready = await owner.StandardOutput.ReadLineAsync(Cancellation);
        var node = new Uri(ready!["ready ".Length..]);
        Assert.True(await AnswersAsync(node));

        owner.Kill();

        var deadline = Stopwatch.StartNew();
        while ((await AnswersAsync(node) || Directory.Exists(folder)) && deadline.Elapsed < TimeSpan.FromSeconds(20))
            await Task.Delay(50, Cancellation);
        Assert.False(await AnswersAsync(node), $"{node} still answers");
        Assert.False(Directory.Exists(folder), $"{folder} still exists");
    }

    private static async Task<bool> AnswersAsync(Uri node)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(node.Host, node.Port, Cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
