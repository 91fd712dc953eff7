using Reliability.Analyzers.CodeFixes.RabbitMQ;
using Reliability.Analyzers.RabbitMQ;

namespace Reliability.Tests;

public class MissingConfirmsFixTests
{
    [Fact]
    public Task Version_6_selects_confirms_once_per_channel_wherever_it_is_made() => FixOf<MissingConfirms, MissingConfirmsFix>.Mends(
        Client.RabbitMq6,
        """
        using RabbitMQ.Client;

        class Publisher
        {
            private readonly IModel _channel;

            public Publisher(IConnection connection) => _channel = connection.CreateModel();

            void One(IConnection connection)
            {
                var channel = connection.CreateModel();

                channel.{|REL1202:BasicPublish|}("e", "a", null, default);
                channel.{|REL1202:BasicPublish|}("e", "b", null, default);
            }

            void Two(IConnection connection)
            {
                using (var channel = connection.CreateModel())
                {
                    channel.{|REL1202:BasicPublish|}("e", "a", null, default);
                }
            }

            void Three() => _channel.{|REL1202:BasicPublish|}("e", "a", null, default);
        }
        """,
        """
        using RabbitMQ.Client;

        class Publisher
        {
            private readonly IModel _channel;

            public Publisher(IConnection connection)
            {
                _channel = connection.CreateModel();
                _channel.ConfirmSelect();
            }

            void One(IConnection connection)
            {
                var channel = connection.CreateModel();
                channel.ConfirmSelect();

                channel.BasicPublish("e", "a", null, default);
                channel.BasicPublish("e", "b", null, default);
                channel.WaitForConfirmsOrDie();
            }

            void Two(IConnection connection)
            {
                using (var channel = connection.CreateModel())
                {
                    channel.ConfirmSelect();
                    channel.BasicPublish("e", "a", null, default);
                    channel.WaitForConfirmsOrDie();
                }
            }

            void Three()
            {
                _channel.BasicPublish("e", "a", null, default);
                _channel.WaitForConfirmsOrDie();
            }
        }
        """);

    [Fact]
    public Task Version_6_top_level_programs_are_mended() => FixOf<MissingConfirms, MissingConfirmsFix>.Mends(
        Client.RabbitMq6,
        """
        using RabbitMQ.Client;

        using var connection = new ConnectionFactory().CreateConnection();
        using var channel = connection.CreateModel();
        // The first order.
        channel.{|REL1202:BasicPublish|}("e", "a", null, default);
        """,
        """
        using RabbitMQ.Client;

        using var connection = new ConnectionFactory().CreateConnection();
        using var channel = connection.CreateModel();
        channel.ConfirmSelect();
        // The first order.
        channel.BasicPublish("e", "a", null, default);
        channel.WaitForConfirmsOrDie();
        """);

    [Fact]
    public Task Version_6_waits_once_after_a_loop_and_never_twice() => FixOf<MissingConfirms, MissingConfirmsFix>.Mends(
        Client.RabbitMq6,
        """
        using RabbitMQ.Client;

        class Publisher
        {
            void All(IConnection connection, string[] keys)
            {
                using var channel = connection.CreateModel();
                foreach (var key in keys)
                {
                    if (key.Length > 0)
                        channel.{|REL1202:BasicPublish|}("e", key, null, default);
                }
            }

            bool Some(IConnection connection, string[] keys)
            {
                using var channel = connection.CreateModel();
                foreach (var key in keys)
                {
                    if (key.Length == 0)
                        return false;
                    channel.{|REL1202:BasicPublish|}("e", key, null, default);
                }

                return true;
            }

            void Heard(IConnection connection)
            {
                var channel = connection.CreateModel();
                channel.BasicAcks += (_, _) => { };
                channel.{|REL1202:BasicPublish|}("e", "a", null, default);
            }
        }
        """,
        """
        using RabbitMQ.Client;

        class Publisher
        {
            void All(IConnection connection, string[] keys)
            {
                using var channel = connection.CreateModel();
                channel.ConfirmSelect();
                foreach (var key in keys)
                {
                    if (key.Length > 0)
                        channel.BasicPublish("e", key, null, default);
                }
                channel.WaitForConfirmsOrDie();
            }

            bool Some(IConnection connection, string[] keys)
            {
                using var channel = connection.CreateModel();
                channel.ConfirmSelect();
                foreach (var key in keys)
                {
                    if (key.Length == 0)
                        return false;
                    channel.BasicPublish("e", key, null, default);
                    channel.WaitForConfirmsOrDie();
                }

                return true;
            }

            void Heard(IConnection connection)
            {
                var channel = connection.CreateModel();
                channel.ConfirmSelect();
                channel.BasicAcks += (_, _) => { };
                channel.BasicPublish("e", "a", null, default);
            }
        }
        """);

    [Fact]
    public Task Version_7_passes_options_where_the_channel_is_made() => FixOf<MissingConfirms, MissingConfirmsFix>.Mends(
        Client.RabbitMq7,
        """
        using System.Threading;
        using System.Threading.Tasks;
        using RabbitMQ.Client;

        class Publisher
        {
            async Task One(IConnection connection, CancellationToken ct)
            {
                await using var first = await connection.CreateChannelAsync();
                await first.{|REL1202:BasicPublishAsync|}("e", "a", new byte[1]);
                await first.{|REL1202:BasicPublishAsync|}("e", "b", new byte[1]);
                await using var second = await connection.CreateChannelAsync(cancellationToken: ct).ConfigureAwait(false);
                await second.{|REL1202:BasicPublishAsync|}("e", "a", new byte[1]);
                await using var third = await connection.CreateChannelAsync(null, ct);
                await third.{|REL1202:BasicPublishAsync|}("e", "a", new byte[1]);
                await using var fourth = await connection.CreateChannelAsync(new CreateChannelOptions(false, false, consumerDispatchConcurrency: 4), ct);
                await fourth.{|REL1202:BasicPublishAsync|}("e", "a", new byte[1]);
                var options = new CreateChannelOptions(
                    publisherConfirmationsEnabled: false,
                    publisherConfirmationTrackingEnabled: true);
                await using var fifth = await connection.CreateChannelAsync(options, ct);
                await fifth.{|REL1202:BasicPublishAsync|}("e", "a", new byte[1]);
            }
        }
        """,
        """
        using System.Threading;
        using System.Threading.Tasks;
        using RabbitMQ.Client;

        class Publisher
        {
            async Task One(IConnection connection, CancellationToken ct)
            {
                await using var first = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
                await first.BasicPublishAsync("e", "a", new byte[1]);
                await first.BasicPublishAsync("e", "b", new byte[1]);
                await using var second = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken: ct).ConfigureAwait(false);
                await second.BasicPublishAsync("e", "a", new byte[1]);
                await using var third = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);
                await third.BasicPublishAsync("e", "a", new byte[1]);
                await using var fourth = await connection.CreateChannelAsync(new CreateChannelOptions(true, true, consumerDispatchConcurrency: 4), ct);
                await fourth.BasicPublishAsync("e", "a", new byte[1]);
                var options = new CreateChannelOptions(
                    publisherConfirmationsEnabled: true,
                    publisherConfirmationTrackingEnabled: true);
                await using var fifth = await connection.CreateChannelAsync(options, ct);
                await fifth.BasicPublishAsync("e", "a", new byte[1]);
            }
        }
        """);

    [Fact]
    public Task The_channel_of_a_class_in_two_files_is_mended_where_it_is_made() => FixOf<MissingConfirms, MissingConfirmsFix>.Mends(
        Client.RabbitMq6,
        [
            """
            using RabbitMQ.Client;

            partial class Publisher
            {
                public void Publish() => _channel.{|REL1202:BasicPublish|}("e", "a", null, default);
            }
            """,
            """
            using RabbitMQ.Client;

            partial class Publisher
            {
                private readonly IModel _channel;

                public Publisher(IConnection connection)
                {
                    if (connection.IsOpen)
                        _channel = connection.CreateModel();
                    else
                        throw new System.InvalidOperationException();
                }
            }
            """,
        ],
        [
            """
            using RabbitMQ.Client;

            partial class Publisher
            {
                public void Publish()
                {
                    _channel.BasicPublish("e", "a", null, default);
                    _channel.WaitForConfirmsOrDie();
                }
            }
            """,
            """
            using RabbitMQ.Client;

            partial class Publisher
            {
                private readonly IModel _channel;

                public Publisher(IConnection connection)
                {
                    if (connection.IsOpen)
                    {
                        _channel = connection.CreateModel();
                        _channel.ConfirmSelect();
                    }
                    else
                        throw new System.InvalidOperationException();
                }
            }
            """,
        ]);

    [Fact]
    public Task A_channel_made_by_a_field_is_mended_in_the_constructors() => FixOf<MissingConfirms, MissingConfirmsFix>.Mends(
        Client.RabbitMq6,
        """
        using RabbitMQ.Client;

        class Publisher
        {
            private readonly IModel _channel = new ConnectionFactory().CreateConnection().CreateModel();

            public Publisher()
            {
            }

            public void Publish() => _channel.{|REL1202:BasicPublish|}("e", "a", null, default);
        }
        """,
        """
        using RabbitMQ.Client;

        class Publisher
        {
            private readonly IModel _channel = new ConnectionFactory().CreateConnection().CreateModel();

            public Publisher()
            {
                _channel.ConfirmSelect();
            }

            public void Publish()
            {
                _channel.BasicPublish("e", "a", null, default);
                _channel.WaitForConfirmsOrDie();
            }
        }
        """);

    [Fact]
    public Task A_channel_without_a_place_to_select_confirms_is_left_to_people() => FixOf<MissingConfirms, MissingConfirmsFix>.Leaves(
        Client.RabbitMq6,
        """
        using RabbitMQ.Client;

        class Publisher
        {
            private readonly IModel _channel = new ConnectionFactory().CreateConnection().CreateModel();

            public void Publish() => _channel.{|REL1202:BasicPublish|}("e", "a", null, default);
        }
        """);

    [Fact]
    public Task A_channel_made_and_used_in_one_breath_gets_a_name() => FixOf<MissingConfirms, MissingConfirmsFix>.Mends(
        Client.RabbitMq6,
        """
        using RabbitMQ.Client;

        class Publisher
        {
            public void Publish(IConnection connection) => connection.CreateModel().{|REL1202:BasicPublish|}("e", "a", null, default);
        }
        """,
        """
        using RabbitMQ.Client;

        class Publisher
        {
            public void Publish(IConnection connection)
            {
                var channel = connection.CreateModel();
                channel.ConfirmSelect();
                channel.BasicPublish("e", "a", null, default);
                channel.WaitForConfirmsOrDie();
            }
        }
        """);

    [Fact]
    public Task Line_ends_stay_as_they_are() => FixOf<MissingConfirms, MissingConfirmsFix>.Mends(
        Client.RabbitMq6, Windows("""
        using RabbitMQ.Client;

        class Publisher
        {
            private readonly IModel _channel;

            public Publisher(IConnection connection) => _channel = connection.CreateModel();

            public void Publish() => _channel.{|REL1202:BasicPublish|}("e", "a", null, default);
        }
        """), Windows("""
        using RabbitMQ.Client;

        class Publisher
        {
            private readonly IModel _channel;

            public Publisher(IConnection connection)
            {
                _channel = connection.CreateModel();
                _channel.ConfirmSelect();
            }

            public void Publish()
            {
                _channel.BasicPublish("e", "a", null, default);
                _channel.WaitForConfirmsOrDie();
            }
        }
        """));

    private static string Windows(string text) => text.ReplaceLineEndings("\r\n");
}
