using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Clients;

/// <summary>What a call to a RabbitMQ client does, whatever its major version, overload or extension class calls it.</summary>
internal enum ChannelVerb
{
    Other,
    CreateChannel,
    CreateProperties,
    Consume,
    Get,
    Publish,
    DeclareQueue,
    DeclareExchange,
    DeclarePassive,
    Bind,
    SelectConfirms,
    WaitForConfirms,
    SelectTransactions,
    Prefetch,
    Ack,
    Nack,
    Reject,
}

/// <summary>One major version of RabbitMQ.Client.</summary>
internal sealed class RabbitMqTypes
{
    private readonly HashSet<INamedTypeSymbol> _callable = new(SymbolEqualityComparer.Default);
    private readonly HashSet<INamedTypeSymbol> _properties = new(SymbolEqualityComparer.Default);

    private RabbitMqTypes(INamedTypeSymbol channel, bool isVersion7)
    {
        Channel = channel;
        Assembly = channel.ContainingAssembly;
        IsVersion7 = isVersion7;

        // IModelExensions is spelt so in version 6. Each name is looked up in the channel's own assembly, as a project may reference both majors.
        foreach (var name in new[] { "IConnection", "IModelExensions", "IChannelExtensions", "IConnectionExtensions", "IBasicPublishBatch", "BasicPublishBatchExtensions" })
        {
            if (Find(name) is { } type)
                _callable.Add(type);
        }

        _callable.Add(channel);
        foreach (var name in new[] { "IBasicProperties", "BasicProperties" })
        {
            if (Find(name) is { } type)
                _properties.Add(type);
        }

        ChannelOptions = Find("CreateChannelOptions");
        DeclaredQueue = Find("QueueDeclareOk");
    }

    /// <summary>True for 7 (<c>IChannel</c>, asynchronous), false for 6 (<c>IModel</c>, synchronous).</summary>
    public bool IsVersion7 { get; }

    public IAssemblySymbol Assembly { get; }

    /// <summary><c>IModel</c> or <c>IChannel</c>.</summary>
    public INamedTypeSymbol Channel { get; }

    /// <summary><c>CreateChannelOptions</c>; version 7 only.</summary>
    public INamedTypeSymbol? ChannelOptions { get; }

    /// <summary><c>QueueDeclareOk</c>: the answer that carries a server-made queue name.</summary>
    public INamedTypeSymbol? DeclaredQueue { get; }

    /// <summary>The value of <see cref="DiagnosticKeys.Client"/>.</summary>
    public string Key => IsVersion7 ? DiagnosticKeys.ClientRabbitMq7 : DiagnosticKeys.ClientRabbitMq6;

    public static RabbitMqTypes? Version6(Compilation compilation) =>
        MessagingTypes.Find(compilation, "RabbitMQ.Client", "RabbitMQ.Client.IModel") is { } model ? new RabbitMqTypes(model, isVersion7: false) : null;

    public static RabbitMqTypes? Version7(Compilation compilation) =>
        MessagingTypes.Find(compilation, "RabbitMQ.Client", "RabbitMQ.Client.IChannel") is { } channel ? new RabbitMqTypes(channel, isVersion7: true) : null;

    public bool Declares(IMethodSymbol method) => _callable.Contains(method.ContainingType);

    /// <summary>Whether a member belongs to the properties of a message (<c>IBasicProperties</c>, <c>BasicProperties</c>).</summary>
    public bool IsMessageProperty(ISymbol member) => member.ContainingType is { } type && _properties.Contains(type);

    /// <summary>Whether an operation makes fresh message properties: <c>CreateBasicProperties()</c>, <c>new BasicProperties(…)</c>.</summary>
    public bool CreatesProperties(IOperation operation) => operation switch
    {
        IObjectCreationOperation { Type: INamedTypeSymbol type } => _properties.Contains(type),
        IInvocationOperation call => VerbOf(call) == ChannelVerb.CreateProperties,
        _ => false,
    };

    public ChannelVerb VerbOf(IInvocationOperation call) => Declares(call.TargetMethod) ? VerbOf(call.TargetMethod) : ChannelVerb.Other;

    private static ChannelVerb VerbOf(IMethodSymbol method) => method.Name switch
    {
        "CreateModel" or "CreateChannelAsync" => ChannelVerb.CreateChannel,
        "CreateBasicProperties" => ChannelVerb.CreateProperties,
        "BasicConsume" or "BasicConsumeAsync" => ChannelVerb.Consume,
        "BasicGet" or "BasicGetAsync" => ChannelVerb.Get,
        "BasicPublish" or "BasicPublishAsync" => ChannelVerb.Publish,
        "Add" when method.ContainingType.Name is "IBasicPublishBatch" or "BasicPublishBatchExtensions" => ChannelVerb.Publish,
        "QueueDeclare" or "QueueDeclareAsync" or "QueueDeclareNoWait" => ChannelVerb.DeclareQueue,
        "ExchangeDeclare" or "ExchangeDeclareAsync" or "ExchangeDeclareNoWait" => ChannelVerb.DeclareExchange,
        "QueueDeclarePassive" or "QueueDeclarePassiveAsync" or "ExchangeDeclarePassive" or "ExchangeDeclarePassiveAsync" => ChannelVerb.DeclarePassive,
        "QueueBind" or "QueueBindAsync" or "QueueBindNoWait" => ChannelVerb.Bind,
        "BasicAck" or "BasicAckAsync" => ChannelVerb.Ack,
        "BasicNack" or "BasicNackAsync" => ChannelVerb.Nack,
        "BasicReject" or "BasicRejectAsync" => ChannelVerb.Reject,
        "BasicQos" or "BasicQosAsync" => ChannelVerb.Prefetch,
        "WaitForConfirms" or "WaitForConfirmsOrDie" => ChannelVerb.WaitForConfirms,
        "ConfirmSelect" => ChannelVerb.SelectConfirms,
        "TxSelect" or "TxSelectAsync" => ChannelVerb.SelectTransactions,
        _ => ChannelVerb.Other,
    };

    private INamedTypeSymbol? Find(string name) => Assembly.GetTypeByMetadataName("RabbitMQ.Client." + name);
}
