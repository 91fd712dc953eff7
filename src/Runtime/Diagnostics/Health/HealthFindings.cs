using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Reliability;

/// <summary>What a health check found: the worst of it is its status.</summary>
internal sealed class HealthFindings
{
    private readonly List<string> _texts = [];
    private readonly Dictionary<string, object> _data = [];
    private HealthStatus _worst = HealthStatus.Healthy;

    /// <summary>A fact, whatever it says.</summary>
    public void Note(string name, object value) => _data[name] = value;

    public void Degraded(string text) => Add(HealthStatus.Degraded, text);

    public void Unhealthy(string text) => Add(HealthStatus.Unhealthy, text);

    /// <param name="failure">What unhealthy is called where the check was registered.</param>
    public HealthCheckResult Result(HealthStatus failure) =>
        new(_worst == HealthStatus.Unhealthy ? failure : _worst, _texts.Count == 0 ? "Messages come and go." : string.Join(' ', _texts), exception: null, _data);

    private void Add(HealthStatus status, string text)
    {
        _texts.Add(text);
        if (status < _worst)
        {
            _worst = status;
        }
    }
}
