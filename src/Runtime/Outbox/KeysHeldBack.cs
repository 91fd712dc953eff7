namespace Reliability;

/// <summary>
/// Order keys of which a row was not confirmed. The store gives rows of a key in their turn; but a claim may be under way while a send fails, and a fresh row may
/// come from memory. Both must not pass the one that failed. Not thread-safe.
/// </summary>
/// <param name="fresh">Whether fresh rows of a key come from memory.</param>
internal sealed class KeysHeldBack(bool fresh)
{
    private const long NotWritten = long.MaxValue;
    private readonly Dictionary<string, (long Since, bool Followers)> _keys = [];
    private long _clock;

    /// <summary>Now, to be remembered when a claim begins.</summary>
    public long Now() => ++_clock;

    public void Add(string key, bool followers) => _keys[key] = (NotWritten, followers);

    /// <summary>The store knows that the row failed, or it is gone.</summary>
    public void WrittenDown(string key, bool gone)
    {
        if (!_keys.TryGetValue(key, out var held))
        {
            return;
        }

        if (gone && !held.Followers)
        {
            // Nothing of the key is left in the store that a fresh row could pass.
            _keys.Remove(key);
            return;
        }

        _keys[key] = (++_clock, held.Followers);
    }

    /// <summary>Whether a fresh row of the key must wait in the store; it then follows what waits there.</summary>
    public bool Contains(string key)
    {
        if (!_keys.TryGetValue(key, out var held))
        {
            return false;
        }

        _keys[key] = (held.Since, true);
        return true;
    }

    /// <summary>Whether a row that a claim gave is in its turn: the claim began when the failure was written. Then the key is free again.</summary>
    public bool MayPass(string key, long claimBegan)
    {
        if (!_keys.TryGetValue(key, out var held))
        {
            return true;
        }

        if (held.Since > claimBegan)
        {
            return false;
        }

        _keys.Remove(key);
        return true;
    }

    /// <summary>Where nothing comes from memory, only claims that began before the failure was written can pass it, and this one has ended.</summary>
    public void Forget(long claimBegan)
    {
        if (fresh || _keys.Count == 0)
        {
            return;
        }

        foreach (var (key, held) in _keys)
        {
            if (held.Since <= claimBegan)
            {
                _keys.Remove(key);
            }
        }
    }
}
