using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;

namespace Reliability.Generators.Tests;

/// <summary>Every rule, where it reports and where it nearly does. Where anything is reported, no wrapper is written and nothing emitted is broken.</summary>
public sealed partial class RuleTests
{
    [Theory]
    [InlineData("[LocalHandler(\"q\")] private static void {|REL4001:Handle|}(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\")] static void {|REL4001:Handle|}(OrderPaid order) { }")]
    [InlineData("private static class Inner { [LocalHandler(\"q\")] public static void {|REL4001:Handle|}(OrderPaid order) { } }")]
    [InlineData("public class Inner { [LocalHandler(\"q\")] protected static void {|REL4001:Handle|}(OrderPaid order) { } }")]
    [InlineData("public class Inner { [LocalHandler(\"q\")] private protected void {|REL4001:Handle|}(OrderPaid order) { } }")]
    [InlineData("public abstract class Inner { [LocalHandler(\"q\")] public void {|REL4001:Handle|}(OrderPaid order) { } }")]
    [InlineData("public struct Inner { [LocalHandler(\"q\")] public void {|REL4001:Handle|}(OrderPaid order) { } }")]
    [InlineData("public interface IInner { [LocalHandler(\"q\")] void {|REL4001:Handle|}(OrderPaid order); }")]
    [InlineData("public interface IInner { [LocalHandler(\"q\")] static abstract void {|REL4001:Handle|}(OrderPaid order); }")]
    [InlineData("public class Inner { public OrderPaid Last { [LocalHandler(\"q\")] {|REL4001:set|} { } } }")]
    [InlineData("public static void Outer() { [LocalHandler(\"q\")] static void {|REL4001:Handle|}(OrderPaid order) { } Handle(null!); }")]
    [InlineData("public static Action<OrderPaid> Outer() => {|REL4001:[LocalHandler(\"q\")] (order) => { }|};")]
    public Task A_handler_that_generated_code_cannot_call(string member) => Reports(member);

    [Theory]
    [InlineData("public class Inner<T> { [LocalHandler(\"q\")] public void {|REL4002:Handle|}(OrderPaid order) { } }")]
    [InlineData("public class Inner<T> { public class Worker { [LocalHandler(\"q\")] public void {|REL4002:Handle|}(OrderPaid order) { } } }")]
    [InlineData("[LocalHandler(\"q\")] public static void {|REL4002:Handle|}<T>(T order) { }")]
    public Task A_generic_handler(string member) => Reports(member);

    [Theory]
    [InlineData("[LocalHandler(\"q\")] public static void {|REL4003:Handle|}() { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(CancellationToken {|REL4003:token|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(DbTransaction {|REL4003:transaction|}, OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(IOutbox {|REL4003:outbox|}, OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(DbBatch {|REL4003:batch|}, OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(MessageContext {|REL4003:context|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(IClock {|REL4003:clock|}, OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(string {|REL4003:text|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(Channel {|REL4003:channel|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(byte[] {|REL4003:body|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(Ping? {|REL4003:ping|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle((Ping, Ping) {|REL4003:pings|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(ReadOnlySpan<byte> {|REL4003:body|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(IReadOnlyList<OrderPaid> {|REL4003:orders|}) { }")]
    public Task A_handler_without_a_message(string member) => Reports(member);

    [Theory]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(ref OrderPaid {|REL4004:order|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(in Ping {|REL4004:ping|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(OrderPaid order, in CancellationToken {|REL4004:token|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(OrderPaid order, out IClock {|REL4004:clock|}) => clock = null!;")]
    [InlineData("private static InvoiceIssued _last = null!; [LocalHandler(\"q\")] public static ref InvoiceIssued {|REL4004:Handle|}(OrderPaid order) => ref _last;")]
    public Task A_handler_by_reference(string member) => Reports(member);

    [Theory]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(OrderPaid order, int {|REL4005:retries|} = 3) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(OrderPaid order, string {|REL4005:name|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(OrderPaid order, Guid? {|REL4005:id|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(OrderPaid order, Span<byte> {|REL4005:buffer|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static unsafe void Handle(OrderPaid order, int* {|REL4005:buffer|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(OrderPaid order, dynamic {|REL4005:anything|}) { }")]
    public Task A_parameter_that_nothing_supplies(string member) => Reports(member);

    [Theory]
    [InlineData("[LocalHandler(\"q\", DedupeKey = \"OrderId\", DedupeKeys = {|REL4016:new[] { \"Number\" }|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", KeyMethod = {|REL4016:\"KeyOf\"|}, DedupeKey = \"OrderId\")] public static void Handle(OrderPaid order) { } internal static string KeyOf(OrderPaid order) => \"\";")]
    [InlineData("[KafkaHandler(\"q\", DedupeKey = \"OrderId\", DedupeByOffset = {|REL4016:true|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", KeyMethod = {|REL4016:\"KeyOf\"|}, DedupeKeys = [\"OrderId\"])] public static void Handle(OrderPaid order) { } internal static string KeyOf(OrderPaid order) => \"\";")]
    public Task A_dedupe_key_given_in_two_ways(string members) => Reports(members);

    [Theory]
    [InlineData("")]
    [InlineData("internal static string? keyof(OrderPaid order) => null;")]
    [InlineData("internal const string KeyOf = \"\";")]
    [InlineData("private static string? KeyOf(OrderPaid order) => null;")]
    [InlineData("internal static Guid KeyOf(OrderPaid order) => default;")]
    [InlineData("internal static Task<string> KeyOf(OrderPaid order) => null!;")]
    [InlineData("internal static string? KeyOf() => null;")]
    [InlineData("internal static string? KeyOf(Ping ping) => null;")]
    [InlineData("internal static string? KeyOf(in OrderPaid order) => null;")]
    [InlineData("internal static string? KeyOf<T>(T order) => null;")]
    [InlineData("internal static string? KeyOf(OrderPaid order, CancellationToken token) => null;")]
    [InlineData("internal static string? KeyOf(OrderPaid order, Envelope envelope, int number = 1) => null;")]
    [InlineData("internal static string? KeyOf(Envelope envelope, OrderPaid order) => null;")]
    public Task A_key_method_that_cannot_be_called(string method) =>
        Reports($"[LocalHandler(\"q\", KeyMethod = {{|REL4017:\"KeyOf\"|}})] public static void Handle(OrderPaid order) {{ }} {method}");

    [Fact]
    public Task A_key_method_of_an_object() =>
        Reports("public class Worker { [LocalHandler(\"q\", KeyMethod = {|REL4017:nameof(KeyOf)|})] public void Handle(OrderPaid order) { } internal string? KeyOf(OrderPaid order) => null; }");

    [Theory]
    [InlineData("[LocalHandler(\"q\", DedupeKeys = {|REL4007:new[] { \"OrderId\", \"Id\" }|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKeys = {|REL4008:new[] { \"OrderId\", \"At\" }|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKeys = {|REL4015:[]|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKeys = {|REL4018:[\"OrderId\", \"Number\", \"OrderId\"]|})] public static void Handle(OrderPaid order) { }")]
    public Task Dedupe_keys_that_are_none(string member) => Reports(member);

    [Theory]
    [InlineData("[LocalHandler(\"q\", TimeoutSeconds = {|REL4019:-1|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", TimeoutSeconds = {|REL4019:5000000|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", TimeoutSeconds = {|REL4019:double.NaN|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", RetentionHours = {|REL4019:-0.5|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", RetentionHours = {|REL4019:double.PositiveInfinity|})] public static void Handle(OrderPaid order) { }")]
    public Task A_duration_out_of_range(string member) => Reports(member);

    [Theory]
    [InlineData("[LocalHandler(\"q\", DeadLetterOn = {|REL4020:[typeof(string)]|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", StopOn = {|REL4020:new[] { typeof(FormatException), typeof(OrderPaid) }|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("private class Mine : Exception; [LocalHandler(\"q\", StopOn = {|REL4020:[typeof(Mine)]|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("public class Mine<T> : Exception; [LocalHandler(\"q\", StopOn = {|REL4020:[typeof(Mine<>)]|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DeadLetterOn = [typeof(FormatException)], StopOn = {|REL4021:[typeof(FormatException)]|})] public static void Handle(OrderPaid order) { }")]
    public Task Exceptions_with_no_outcome_or_two(string members) => Reports(members);

    [Theory]
    [InlineData("[LocalHandler(\"q\", FormerNames = {|REL4015:[\"\"]|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", FormerNames = [\"Billing.Handle\"])] public static void {|REL4022:Handle|}(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", Name = \"n\", FormerNames = [\"a\", \"n\"])] public static void {|REL4022:Handle|}(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"a\", FormerNames = [\"Billing.Two\"])] public static void {|REL4022:One|}(OrderPaid order) { } [LocalHandler(\"b\")] public static void {|REL4022:Two|}(OrderPaid order) { }")]
    public Task Former_names_in_use(string members) => Reports(members);

    [Fact]
    public Task A_DbContext_without_what_enlists_it() => ReportsBeside(
        GeneratorRun.EntityFrameworkReferences,
        "public class ShopDb : Microsoft.EntityFrameworkCore.DbContext; [LocalHandler(\"q\")] public static void Handle(OrderPaid order, ShopDb {|REL4023:db|}) { }");

    [Theory]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(OrderPaid order, DbBatch batch, DbTransaction {|REL4024:transaction|}) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(OrderPaid order, DbConnection {|REL4024:connection|}, IClock clock, DbBatch batch) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(OrderPaid order, System.Data.IDbConnection {|REL4024:connection|}, System.Data.IDbTransaction {|REL4024:transaction|}, DbBatch batch) { }")]
    [InlineData("public abstract class PgBatch : DbBatch; public abstract class PgConnection : DbConnection; [LocalHandler(\"q\")] public static void Handle(OrderPaid order, PgBatch batch, PgConnection {|REL4024:connection|}) { }")]
    public Task A_batch_beside_what_sends_at_once(string members) => Reports(members);

    [Fact]
    public Task A_batch_beside_a_DbContext() => ReportsBeside(
        GeneratorRun.EntityFrameworkReferences.AddRange(GeneratorRun.EnlistingReferences),
        "public class ShopDb : Microsoft.EntityFrameworkCore.DbContext; [LocalHandler(\"q\")] public static void Handle(OrderPaid order, DbBatch batch, ShopDb {|REL4024:db|}) { }");

    [Fact]
    public Task A_DbContext_as_the_message() => ReportsBeside(
        GeneratorRun.EntityFrameworkReferences.AddRange(GeneratorRun.EnlistingReferences),
        "public class ShopDb : Microsoft.EntityFrameworkCore.DbContext; [LocalHandler(\"q\")] public static void Handle(ShopDb {|REL4003:db|}) { }");

    [Theory]
    [InlineData("[LocalHandler(\"q\")] public static async void {|REL4006:Handle|}(OrderPaid order) => await Task.Yield();")]
    public Task An_async_void_handler(string member) => Reports(member);

    [Theory]
    [InlineData("[LocalHandler(\"q\", DedupeKey = {|REL4007:\"Id\"|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = {|REL4007:\"\"|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = {|REL4007:\"orderId\"|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = {|REL4007:\"Secret\"|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = {|REL4007:\"WriteOnly\"|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = {|REL4007:\"ToString\"|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = {|REL4007:\"ShipTo.Street\"|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = {|REL4007:\"ShipTo..City\"|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", OrderBy = {|REL4007:\"Shop\"|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[PublishTo(\"r\", Key = {|REL4007:\"Nothing\"|})] public record Routed(string Id);")]
    public Task A_key_member_that_does_not_exist(string member) => Reports(member);

    [Theory]
    [InlineData("[LocalHandler(\"q\", DedupeKey = {|REL4008:nameof(OrderPaid.Weight)|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = {|REL4008:\"Amount\"|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = {|REL4008:\"At\"|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = {|REL4008:\"Lines\"|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = {|REL4008:\"ShipTo\"|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", OrderBy = {|REL4008:\"Weight\"|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[PublishTo(\"r\", Key = {|REL4008:\"At\"|})] public record Routed(DateTimeOffset At);")]
    public Task A_key_member_without_a_stable_text(string member) => Reports(member);

    [Theory]
    [InlineData("[LocalHandler(\"q\")] public static Unrouted {|REL4009:Handle|}(OrderPaid order) => null!;")]
    [InlineData("[LocalHandler(\"q\")] public static Task<bool> {|REL4009:Handle|}(OrderPaid order) => null!;")]
    [InlineData("[LocalHandler(\"q\")] public static string {|REL4009:Handle|}(OrderPaid order) => null!;")]
    [InlineData("[LocalHandler(\"q\")] public static IEnumerable<Unrouted?> {|REL4009:Handle|}(OrderPaid order) => null!;")]
    [InlineData("[LocalHandler(\"q\")] public static (InvoiceIssued, Unrouted) {|REL4009:Handle|}(OrderPaid order) => default;")]
    [InlineData("[LocalHandler(\"q\")] public static object {|REL4009:Handle|}(OrderPaid order) => null!;")]
    [InlineData("[LocalHandler(\"q\")] public static System.Runtime.CompilerServices.YieldAwaitable {|REL4009:Handle|}(OrderPaid order) => default;")]
    public Task A_returned_message_without_a_route(string member) => Reports(member);

    [Theory]
    [InlineData("public record Unlisted(string Id); [LocalHandler(\"q\")] public static void Handle(Unlisted {|REL4010:message|}) { }")]
    [InlineData("[PublishTo(\"r\")] public record Unlisted(string Id); [LocalHandler(\"q\")] public static Unlisted? {|REL4010:Handle|}(Ping ping) => null;")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(List<Ping> {|REL4010:pings|}) { }")]
    public Task A_message_that_no_context_lists(string member) => Reports(member);

    [Theory]
    [InlineData("[LocalHandler(\"a\")] public static void {|REL4012:Handle|}(OrderPaid order) { } [LocalHandler(\"b\")] public static void {|REL4012:Handle|}(Ping ping) { }")]
    [InlineData("[LocalHandler(\"a\", Name = \"n\")] public static void {|REL4012:One|}(OrderPaid order) { } [KafkaHandler(\"b\", Name = \"n\")] public static void {|REL4012:Two|}(Ping ping) { }")]
    [InlineData("[LocalHandler(\"a\")] public static void {|REL4012:One|}(OrderPaid order) { } [KafkaHandler(\"b\", Name = \"Billing.One\")] public static void {|REL4012:Two|}(Ping ping) { }")]
    public Task Two_handlers_of_one_name(string members) => Reports(members);

    [Theory]
    [InlineData("[LocalHandler(\"a\")] public static void {|REL4013:One|}(OrderPaid order) { } [LocalHandler(\"a\")] public static void {|REL4013:Two|}(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"a\"), LocalHandler(\"a\", Group = 2)] public static void {|REL4013:One|}(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"a\"), LocalHandler(\"a\", DedupeKey = \"OrderId\")] public static void {|REL4013:One|}(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"a\")] public static void {|REL4013:One|}(MailWanted mail) { } [LocalHandler(\"a\")] public static void {|REL4013:Two|}(Impostor mail) { }")]
    public Task Messages_of_one_queue_handled_twice(string members) => Reports(members,
        """
        [assembly: HandlerJson(typeof(Shop.MoreJson))]
        namespace Shop;
        [MessageName("mail.wanted")] public record Impostor(string To);
        [JsonSerializable(typeof(Impostor))]
        public partial class MoreJson : JsonSerializerContext;
        """);

    [Theory]
    [InlineData("[LocalHandler(\"q\", Attempts = {|REL4014:0|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", Attempts = {|REL4014:-1|}, Group = {|REL4014:0|})] public static void Handle(OrderPaid order) { }")]
    public Task A_limit_below_one(string member) => Reports(member);

    [Theory]
    [InlineData("[{|REL4015:LocalHandler(\"\")|}] public static void Handle(OrderPaid order) { }")]
    [InlineData("[{|REL4015:KafkaHandler(\" \")|}] public static void Handle(OrderPaid order) { }")]
    [InlineData("[RabbitMqHandler(\"q\", Name = {|REL4015:\"\"|})] public static void Handle(OrderPaid order) { }")]
    [InlineData("[{|REL4015:PublishTo(\"\")|}] public record Routed(string Id);")]
    [InlineData("[{|REL4015:MessageName(\"\")|}] public record Named(string Id);")]
    public Task An_empty_name(string member) => Reports(member);

    [Theory]
    [InlineData("[KafkaHandler(\"a\", DedupeKey = \"OrderId\", DedupeByOffset = false)] public static void One(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"a\")] public static void One(OrderPaid order) { } [KafkaHandler(\"a\")] public static void Two(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"a\")] public static void One(OrderPaid order) { } [LocalHandler(\"A\")] public static void Two(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"a\")] public static void One(OrderPaid order) { } [LocalHandler(\"a\")] public static void Two(Ping ping) { }")]
    [InlineData("[LocalHandler(\"a\", Name = \"n\"), KafkaHandler(\"a\", Name = \"n\")] public static void One(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"a\", Attempts = 1, Group = 1, DedupeKey = null)] public static void One(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"a\", Name = \"n\", FormerNames = [\"o\"]), KafkaHandler(\"a\", Name = \"n\", FormerNames = [\"o\"])] public static void One(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"a\", TimeoutSeconds = 0, RetentionHours = 0, DedupeKeys = null, KeyMethod = null, FormerNames = null, StopOn = null)] public static void One(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"a\", DeadLetterOn = [typeof(Exception)], StopOn = [typeof(FormatException)])] public static void One(OrderPaid order) { }")]
    [InlineData("private static string? KeyOf(int number) => null; internal static string? KeyOf(OrderPaid order) => null; [LocalHandler(\"a\", KeyMethod = \"KeyOf\")] public static void One(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"a\", DedupeKey = \"ShipTo.City.Length\")] public static void One(OrderPaid order) { }")]
    [InlineData("private static void Two() { } [LocalHandler(\"a\")] public static Task One(OrderPaid order, IComparable<string> service) => Task.CompletedTask;")]
    [InlineData("[Obsolete] private static async void Unmarked() => await Task.Yield();")]
    public Task Nearly_a_mistake(string members) => Reports(members);

    [Fact]
    public Task A_wrong_key_of_a_returned_message_is_said_once_at_the_message() => Analyze(
    [
        """
        [assembly: HandlerJson(typeof(Json))]
        public record Order(string Id);
        [PublishTo("r", Key = {|REL4007:"Nothing"|})] public record Routed(string Id);
        [JsonSerializable(typeof(Order)), JsonSerializable(typeof(Routed))] public partial class Json : JsonSerializerContext;
        public static class Worker { [LocalHandler("q")] public static Routed? Handle(Order order) => null; }
        """,
    ]);

    [Fact]
    public Task No_context_is_named() => Analyze(
        ["public record Order(string Id); public static class Worker { [LocalHandler(\"q\")] public static void Handle(Order {|REL4011:order|}) { } }"]);

    [Theory]
    [InlineData("[assembly: {|REL4011:HandlerJson(typeof(string))|}]")]
    [InlineData("[assembly: {|REL4011:HandlerJson(typeof(Hidden))|}] file class Hidden() : JsonSerializerContext(null);")]
    [InlineData("using System.Reflection; [assembly: AssemblyCompany(\"x\"), {|REL4011:HandlerJson(typeof(JsonConverter))|}]")]
    public Task A_named_context_is_none(string source) => Analyze([source]);

    [Fact]
    public async Task A_message_says_what_to_do()
    {
        var run = GeneratorRun.Of(ShopSource.Messages, ShopSource.Handlers("public record Unlisted(string Id); [LocalHandler(\"q\")] public static void Handle(Unlisted message) { }"));

        var finding = Assert.Single(await run.RuleFindingsAsync());
        Assert.Equal(
            "Message type 'Shop.Billing.Unlisted' is in no JSON context of this assembly: add [JsonSerializable(typeof(Shop.Billing.Unlisted))] to 'Shop.ShopJson'",
            finding.GetMessage(null));
    }

    private static Task Reports(string members, params string[] more) => ReportsBeside([], members, more);

    private static async Task ReportsBeside(ImmutableArray<MetadataReference> references, string members, params string[] more)
    {
        string[] sources = [ShopSource.Messages, ShopSource.Handlers(members), .. more];
        await Analyze(sources, references);

        // The same without markup, through the generator: broken handlers have no wrapper, and nothing emitted is broken.
        var input = GeneratorRun.Compile([.. sources.Select(source => Markup().Replace(source, "${code}"))]);
        var run = GeneratorRun.Of(input.AddReferences(references));
        var emitted = run.CompilerFindings().Where(finding => finding.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true);
        Assert.Empty(emitted);
        if (members.Contains("Handler", StringComparison.Ordinal) && sources.Any(source => Markup().IsMatch(source)))
        {
            Assert.Equal(["AddHandlers.g.cs"], run.Files.Keys);
        }
    }

    private static async Task Analyze(string[] sources, ImmutableArray<MetadataReference> references = default)
    {
        var test = new CSharpAnalyzerTest<HandlerAnalyzer, DefaultVerifier>
        {
            ReferenceAssemblies = NoPackages,
            // The bodies of JSON contexts are missing: they are System.Text.Json's generator's, which does not run here.
            CompilerDiagnostics = CompilerDiagnostics.None,
            // These errors cannot be suppressed: without a wrapper, the handler would receive nothing.
            TestBehaviors = TestBehaviors.SkipSuppressionCheck | TestBehaviors.SkipGeneratedCodeCheck,
        };
        test.TestState.AdditionalReferences.AddRange(references.IsDefault ? GeneratorRun.References : GeneratorRun.References.AddRange(references));
        test.TestState.Sources.Add(("Usings.cs", GeneratorRun.Usings));
        foreach (var source in sources)
        {
            test.TestState.Sources.Add(source);
        }

        test.SolutionTransforms.Add((solution, project) => solution.WithProjectParseOptions(project, GeneratorRun.ParseOptions));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    private static readonly ReferenceAssemblies NoPackages = new("net10.0");

    [GeneratedRegex(@"\{\|REL\d{4}:(?<code>.*?)\|\}")]
    private static partial Regex Markup();
}
