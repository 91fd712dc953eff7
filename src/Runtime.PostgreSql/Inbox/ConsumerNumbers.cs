namespace Reliability.Inbox;

/// <summary>The numbers under which the tables know handlers: rows stay small, and a handler's name is written once.</summary>
internal sealed class ConsumerNumbers
{
    private volatile Dictionary<string, int> _numbers = [];
    private volatile Dictionary<int, string> _names = [];

    /// <exception cref="InvalidOperationException">The name was not given when the store was started.</exception>
    public int Of(string consumer) => _numbers.TryGetValue(consumer, out var number)
        ? number
        : throw new InvalidOperationException($"The store was started without a handler named '{consumer}'. Give StartAsync the names of all handlers.");

    /// <summary>The name under a number that this process knows.</summary>
    public string NameOf(int number) => _names[number];

    /// <summary>Learns numbers, once the transaction that gave them is committed.</summary>
    public void Learn(Dictionary<string, int> numbers)
    {
        _names = numbers.ToDictionary(consumer => consumer.Value, consumer => consumer.Key);
        _numbers = numbers;
    }
}
