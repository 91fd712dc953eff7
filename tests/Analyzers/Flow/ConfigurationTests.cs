namespace Reliability.Tests.Flow;

/// <summary>Configurations on their way from where they are made to the builder, as people write them.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task Handed_down_to_helpers_that_build(Client client) => Verify.FileAsync<AutoCommit>(client, """
        static class Program
        {
            static void Main()
            {
                var plain = new ConsumerConfig { GroupId = "g" };
                for (var round = 0; round < 3; round++)
                    Run(plain, round);
                Run(plain, 4);
                var manual = new ConsumerConfig { GroupId = "g", EnableAutoCommit = false };
                Careful(manual);
                Careful(manual);
            }
            private static void Run(ConsumerConfig config, int round) { using var consumer = new ConsumerBuilder<string, string>({|REL2001:config|}).Build(); }
            private static void Careful(ConsumerConfig config) { using var consumer = new ConsumerBuilder<string, string>(config).Build(); }
        }
        """);

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task Kept_in_members_that_others_can_reach(Client client) => Verify.FileAsync<AutoCommit>(client, """
        public class Settings
        {
            public ConsumerConfig Plain;
            public readonly ConsumerConfig Manual = new() { EnableAutoCommit = false };
            public ConsumerConfig Late { get; set; } = new();
            public ConsumerConfig Half { get; set; } = new();
            public Settings(string servers)
            {
                Plain = new ConsumerConfig { BootstrapServers = servers };
                Plain.ClientId = servers + "-client";
            }
        }
        public class Bound { public ConsumerConfig Config { get; set; } = new(); public Inner Inner { get; set; } = new(); }
        public class Inner { public ConsumerConfig Config { get; set; } = new(); }
        public interface IOptions<T> { T Value { get; } }
        public class Bus(IOptions<Bound> bound, Settings given)
        {
            public readonly ConsumerConfig Own = new() { GroupId = "g" };
            private readonly Settings _settings = new("b");
            public void Run()
            {
                new ConsumerBuilder<Ignore, string>({|REL2001:Own|});
                new ConsumerBuilder<Ignore, string>({|REL2001:_settings.Plain|});
                new ConsumerBuilder<Ignore, string>(_settings.Manual);
                new ConsumerBuilder<Ignore, string>(_settings.Late);
                new ConsumerBuilder<Ignore, string>(given.Plain);
                new ConsumerBuilder<Ignore, string>(bound.Value.Config);
                new ConsumerBuilder<Ignore, string>(bound.Value.Inner.Config);
                var made = new Settings("b") { Half = new ConsumerConfig { EnableAutoCommit = false } };
                new ConsumerBuilder<Ignore, string>(made.Half);
            }
        }
        static class Elsewhere { public static void Change(Settings settings) => settings.Late.EnableAutoCommit = false; }
        """);

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task Given_to_constructors(Client client) => Verify.FileAsync<AutoCommit>(client, """
        public class Plain
        {
            private readonly ConsumerConfig _config;
            public Plain(ConsumerConfig config) => _config = config ?? throw new ArgumentNullException(nameof(config));
            public void Run() { using var consumer = new ConsumerBuilder<string, string>({|REL2001:_config|}).Build(); }
        }
        public class Captured(ConsumerConfig config)
        {
            public void Run() { using var consumer = new ConsumerBuilder<string, string>({|REL2001:config|}).Build(); }
        }
        public class Careful
        {
            private readonly ConsumerConfig _config;
            public Careful(ConsumerConfig config) { _config = config; _config.EnableAutoCommit = false; }
            public void Run() { using var consumer = new ConsumerBuilder<string, string>(_config).Build(); }
        }
        public class FromNowhere(ConsumerConfig config)
        {
            public void Run() { using var consumer = new ConsumerBuilder<string, string>(config).Build(); }
        }
        public class Both
        {
            private readonly ConsumerConfig _config;
            public Both(ConsumerConfig config) => _config = config;
            public void Run() { using var consumer = new ConsumerBuilder<string, string>(_config).Build(); }
        }
        static class Program
        {
            static void Main(ConsumerConfig given)
            {
                var config = new ConsumerConfig { GroupId = "g" };
                new Plain(config).Run();
                new Captured(new ConsumerConfig()).Run();
                new Careful(config).Run();
                new Both(given).Run();
            }
        }
        """);

    [Theory]
    [InlineData(Client.Kafka1, "services.AddSingleton(new ConsumerConfig { GroupId = \"g\" });", true)]
    [InlineData(Client.Kafka2, "services.AddSingleton(new ConsumerConfig { GroupId = \"g\" });", true)]
    [InlineData(Client.Kafka2, "var config = new ConsumerConfig { EnableAutoCommit = true }; services.AddSingleton(config);", true)]
    [InlineData(Client.Kafka2, "services.AddSingleton(provider => new ConsumerConfig { GroupId = \"g\" });", true)]
    [InlineData(Client.Kafka2, "services.AddSingleton(new ConsumerConfig { EnableAutoCommit = false });", false)]
    [InlineData(Client.Kafka2, "var config = new ConsumerConfig(); Microsoft.Extensions.Configuration.Binder.Bind(configuration, \"Kafka\", config); services.AddSingleton(config);", false)]
    [InlineData(Client.Kafka2, "services.AddSingleton(new ProducerConfig());", false)]
    [InlineData(Client.Kafka2, "services.AddSingleton(provider => Outside.Config());", false)]
    public Task Handed_out_by_a_container(Client client, string registration, bool isReported) => Verify.FileAsync<AutoCommit>(client, $$"""
        {{Injection}}
        static class Outside { public static Func<ConsumerConfig> Config = null!; }
        static class Startup { static void Add(IServiceCollection services, Microsoft.Extensions.Configuration.IConfiguration configuration) { {{registration}} } }
        class Worker
        {
            private readonly ConsumerConfig _config;
            public Worker(ConsumerConfig config) => _config = config;
            public void Run() { using var consumer = new ConsumerBuilder<string, string>({{(isReported ? "{|REL2001:_config|}" : "_config")}}).Build(); }
        }
        """);

    [Theory]
    [InlineData(Client.Kafka1, "services.Configure<ConsumerConfig>(c => { c.GroupId = \"g\"; c.EnableAutoCommit = true; });", true)]
    [InlineData(Client.Kafka2, "services.Configure<ConsumerConfig>(c => c.GroupId = \"g\");", true)]
    [InlineData(Client.Kafka2, "services.Configure<ConsumerConfig>(c => { c.EnableAutoCommit = true; c.EnableAutoOffsetStore = false; });", false)]
    [InlineData(Client.Kafka2, "services.Configure<ConsumerConfig>(c => c.GroupId = \"g\"); services.Configure<ConsumerConfig>(c => c.EnableAutoCommit = false);", false)]
    [InlineData(Client.Kafka2, "services.Configure<ConsumerConfig>(section);", false)]
    [InlineData(Client.Kafka2, "services.Configure<ConsumerConfig>(section); services.Configure<ConsumerConfig>(c => c.GroupId = \"g\");", false)]
    [InlineData(Client.Kafka2, "", false)]
    public Task Configured_as_options(Client client, string configuring, bool isReported) => Verify.FileAsync<AutoCommit>(client, $$"""
        {{Injection}}
        static class Startup { static void Add(IServiceCollection services, Microsoft.Extensions.Configuration.IConfiguration section) { {{configuring}} } }
        class Worker
        {
            private readonly ConsumerConfig _config;
            private readonly Microsoft.Extensions.Options.IOptions<ConsumerConfig> _options;
            public Worker(Microsoft.Extensions.Options.IOptions<ConsumerConfig> options) { _config = options.Value; _options = options; }
            public void Run()
            {
                using var one = new ConsumerBuilder<string, string>({{(isReported ? "{|REL2001:_config|}" : "_config")}}).Build();
                using var other = new ConsumerBuilder<string, string>({{(isReported ? "{|REL2001:_options.Value|}" : "_options.Value")}}).Build();
            }
        }
        """);

    /// <summary>The face of dependency injection and options, as far as it is used here.</summary>
    private const string Injection = """
        using Microsoft.Extensions.DependencyInjection;
        namespace Microsoft.Extensions.DependencyInjection
        {
            public interface IServiceCollection { }
            public static class Services
            {
                public static IServiceCollection AddSingleton<T>(this IServiceCollection services, T implementationInstance) where T : class => services;
                public static IServiceCollection AddSingleton<T>(this IServiceCollection services, Func<IServiceProvider, T> implementationFactory) where T : class => services;
                public static IServiceCollection Configure<T>(this IServiceCollection services, Action<T> configureOptions) where T : class => services;
                public static IServiceCollection Configure<T>(this IServiceCollection services, Microsoft.Extensions.Configuration.IConfiguration config) where T : class => services;
            }
        }
        namespace Microsoft.Extensions.Options { public interface IOptions<out T> where T : class { T Value { get; } } }
        namespace Microsoft.Extensions.Configuration
        {
            public interface IConfiguration { }
            public static class Binder { public static void Bind(this IConfiguration configuration, string key, object instance) => Filled?.Invoke(instance); public static Action<object> Filled; }
        }
        """;
}
