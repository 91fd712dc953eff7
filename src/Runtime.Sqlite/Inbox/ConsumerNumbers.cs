namespace Reliability.Inbox;

/// <summary>The numbers under which the tables know handlers: rows stay small, and a handler's name is written once.</summary>
internal sealed class ConsumerNumbers
{
    private volatile Dictionary<string, long> _numbers = [];

    /// <exception cref="InvalidOperationException">The name was not given when the store was started.</exception>
    public long Of(string consumer) => _numbers.TryGetValue(consumer, out var number)
        ? number
        : throw new InvalidOperationException($"The store was started without a handler named '{consumer}'. Give StartAsync the names of all handlers.");

    /// <summary>Learns numbers, once the transaction that gave them is committed.</summary>
    public void Learn(Dictionary<string, long> numbers) => _numbers = numbers;
}
