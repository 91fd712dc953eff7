namespace Reliability.Analyzers.Clients;

/// <summary>
/// What a diagnostic tells a code fix in <c>Diagnostic.Properties</c>. Besides these:
/// the primary location is the expression of the argument or value that is wrong, or the name of the called method where the argument is omitted;
/// <c>AdditionalLocations</c> are listed per rule below.
/// </summary>
internal static class DiagnosticKeys
{
    /// <summary>Which client the code is written for: one of the <c>Client*</c> values. On every diagnostic.</summary>
    public const string Client = "client";
    public const string ClientRabbitMq6 = "rabbitmq6";
    public const string ClientRabbitMq7 = "rabbitmq7";
    public const string ClientKafka = "kafka";

    /// <summary>How the wrong value came about: one of the <c>Cause*</c> values. On every diagnostic.</summary>
    public const string Cause = "cause";

    /// <summary>The value is written: an argument (REL1001, REL1101, REL1102) or an assignment (REL1201, REL2001, REL2101).</summary>
    public const string CauseWritten = "written";

    /// <summary>The parameter's default applies; the primary location is the method's name.</summary>
    public const string CauseOmitted = "omitted";

    /// <summary>REL1201: the chosen overload has no properties, or they are null or their parameter is omitted. REL1202: no call selects confirms.</summary>
    public const string CauseMissing = "missing";

    /// <summary>REL1201, REL2001: the object is known and the member is never set on it; additional location 0 is where the object is created.</summary>
    public const string CauseUnset = "unset";

    /// <summary>The parameter, property or configuration key that is wrong: <c>autoAck</c>, <c>durable</c>, <c>Persistent</c>, <c>acks</c> …</summary>
    public const string Member = "member";

    /// <summary>"true" where the value is wrong on some paths only, and is therefore not safe to replace without a look.</summary>
    public const string Sometimes = "sometimes";

    // Additional locations, by rule:
    // REL1001, REL1101, REL1102  where the value comes from, if the argument is not itself the constant (a local's initializer, a field's assignment).
    // REL1201  [0] the bad assignment (cause "written"), or the creation of the properties (cause "unset"); none for cause "missing".
    // REL1202  [0] the creation of the channel: CreateModel() or CreateChannelAsync(…), the whole invocation.
    //          v7 with options in view: [1] their creation, or the argument that says false.
    // REL2001  [0] the bad assignment or dictionary entry (cause "written"), or the creation of the configuration (cause "unset").
    // REL2101  none: the primary location is the value itself.
}
