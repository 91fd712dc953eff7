namespace Reliability;

/// <summary>The sends under way, oldest first.</summary>
internal sealed class SendList
{
    private Send? _youngest;

    public Send? Oldest { get; private set; }

    public int Count { get; private set; }

    public void Add(Send send)
    {
        (send.Older, send.Younger) = (_youngest, null);
        if (_youngest is null)
        {
            Oldest = send;
        }
        else
        {
            _youngest.Younger = send;
        }

        _youngest = send;
        Count++;
    }

    public void Remove(Send send)
    {
        if (send.Older is null)
        {
            Oldest = send.Younger;
        }
        else
        {
            send.Older.Younger = send.Younger;
        }

        if (send.Younger is null)
        {
            _youngest = send.Older;
        }
        else
        {
            send.Younger.Older = send.Older;
        }

        (send.Older, send.Younger) = (null, null);
        Count--;
    }
}
