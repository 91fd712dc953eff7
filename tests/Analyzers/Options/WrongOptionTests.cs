using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Options;

namespace Reliability.Tests.Options;

/// <summary>An option that cannot be read is reported where it stands, with what is allowed.</summary>
public sealed class WrongOptionTests
{
    [Theory]
    [InlineData("reliability_dead_letters_by_policy = maybe", 40, "'maybe' is no value of 'reliability_dead_letters_by_policy': allowed is true or false. Until then 'false' holds")]
    [InlineData("reliability_minimum_replication_factor = 0", 44, "'0' is no value of 'reliability_minimum_replication_factor': allowed is a whole number from 1 to 32767. Until then '2' holds")]
    [InlineData("reliability_minimum_replication_factor=2.5", 42, "'2.5' is no value of 'reliability_minimum_replication_factor': allowed is a whole number from 1 to 32767. Until then '2' holds")]
    [InlineData("reliability_required_confirms: tracked # all of them", 34, "'tracked' is no value of 'reliability_required_confirms': allowed is handled or awaited. Until then 'handled' holds")]
    [InlineData("reliability_ack_methods = Acker.Done()", 29, "'Acker.Done()' is no value of 'reliability_ack_methods': allowed is method names with | between them, each with or without its type and namespace: Done|Acker.Complete|Shop.Acker.Complete. Until then '' holds")]
    [InlineData("reliability_transient_queues = a||b", 34, "'a||b' is no value of 'reliability_transient_queues': allowed is names with | between them; * stands for any text and ? for one character: cache.*|prices. Until then '' holds")]
    [InlineData("reliability_dead_letter_by_policy = true", 3, "There is no option 'reliability_dead_letter_by_policy'; there are reliability_ack_methods, reliability_commit_methods, reliability_transient_queues, reliability_transient_exchanges, reliability_dead_letters_by_policy, reliability_required_confirms, reliability_minimum_replication_factor")]
    public async Task A_wrong_option_is_reported_at_its_place(string line, int column, string says)
    {
        var text = $"root = true\n[*.cs]\n  {line}\n";
        var report = Assert.Single(await Configured(text).WithAdditional("/0/.editorconfig", text).ReportsAsync());

        var place = report.Location.GetLineSpan();
        Assert.Equal(("REL0001", "/0/.editorconfig", 3, column, says), (report.Id, place.Path, place.StartLinePosition.Line + 1, place.StartLinePosition.Character + 1, report.GetMessage(null)));
    }

    [Fact]
    public async Task A_global_configuration_is_looked_at_too()
    {
        const string text = "is_global = true\nreliability_minimum_replication_factor = all\n";
        var report = Assert.Single(await new Project(Client.RabbitMq6, "class C { }").Configured(text, "/0/.globalconfig").WithAdditional("/0/.globalconfig", text).ReportsAsync());

        Assert.Equal(("/0/.globalconfig", 1), (report.Location.GetLineSpan().Path, report.Location.GetLineSpan().StartLinePosition.Line));
    }

    [Fact]
    public async Task Where_the_file_is_out_of_view_the_value_is_reported_once_without_a_place()
    {
        var reports = await Configured("root = true\n[*.cs]\nreliability_required_confirms = yes\nreliability_dead_letters_by_policy = true\n").With("/0/Other.cs", "class D { }").ReportsAsync();

        var report = Assert.Single(reports);
        Assert.Equal(("REL0001", Location.None), (report.Id, report.Location));
        Assert.Contains("'yes' is no value of 'reliability_required_confirms'", report.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reliability_dead_letters_by_policy = True\nreliability_required_confirms = Awaited\nreliability_minimum_replication_factor = 3")]
    [InlineData("RELIABILITY_ACK_METHODS = Done | Shop.Acker.Done\nreliability_commit_methods =\nreliability_transient_queues = *|a?c|amq.gen-*")]
    [InlineData("# reliability_dead_letters_by_policy = maybe\n; reliability_required_confirms = maybe\nother_reliability_option = 1")]
    public async Task Right_options_are_not_reported(string lines)
    {
        var text = $"root = true\n[*.cs]\n{lines}\n";
        Assert.Empty(await Configured(text).WithAdditional("/0/.editorconfig", text).ReportsAsync());
    }

    [Fact]
    public async Task Other_files_are_not_options() =>
        Assert.Empty(await Configured("").WithAdditional("/0/notes.txt", "reliability_required_confirms = maybe").ReportsAsync());

    [Fact]
    public async Task A_wrong_value_leaves_the_default_in_force()
    {
        const string code = """class C { object M() => new Confluent.Kafka.Admin.TopicSpecification { ReplicationFactor = 1 }; }""";
        var ids = await new Project(Client.Kafka2, code).Configured("root = true\n[*.cs]\nreliability_minimum_replication_factor = none\n").IdsAsync();

        Assert.Equal(["REL0001", "REL2201"], ids);
    }

    [Fact]
    public void Every_default_is_a_value_that_may_be_written() => Assert.All(RuleOptions.All, option => Assert.True(option.Accepts(option.Default), option.Key));

    private static Project Configured(string text) => new Project(Client.RabbitMq6, "class C { }").Configured(text);
}
