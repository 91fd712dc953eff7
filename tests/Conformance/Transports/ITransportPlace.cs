namespace Reliability.Conformance;

/// <summary>Where a transport under test runs: opens it over a real broker.</summary>
public interface ITransportPlace : IAsyncDisposable
{
    /// <summary>A new instance over the same broker, as another process would open it. Not started.</summary>
    /// <param name="maxBodyBytes">The largest body that it takes.</param>
    ValueTask<ITransport> OpenAsync(int maxBodyBytes);

    /// <summary>The name of a source that no other test uses. A message published to a route of the same name arrives there.</summary>
    string NewSource();

    /// <summary>Whether a delivery says that it was delivered before.</summary>
    bool MarksRedelivered { get; }

    /// <summary>Whether a first delivery may say so too: a log keeps no marks, so what a process that died may have begun is marked, begun or not.</summary>
    bool MarksFirst => false;
}

/// <summary>Of a transport where a route may lead nowhere.</summary>
public interface IRoutedTransportPlace : ITransportPlace
{
    /// <summary>A route that leads nowhere.</summary>
    string RouteToNowhere { get; }
}

/// <summary>Of a transport with connections.</summary>
public interface ICuttableTransportPlace : ITransportPlace
{
    /// <summary>Cuts every connection to the broker, without a goodbye; new ones work at once.</summary>
    ValueTask CutConnectionsAsync();
}
