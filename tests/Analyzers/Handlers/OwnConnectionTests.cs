namespace Reliability.Tests.Handlers;

public sealed class OwnConnectionTests
{
    [Theory]
    [InlineData("""public class Pg() : PgConnection("") { """ + Members + """ } [LocalHandler("q")] public static async Task Handle(OrderPaid order) { await using var connection = {|REL4103:new Pg()|}; await connection.OpenAsync(); }""")]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, DbDataSource source) { await using var connection = await source.{|REL4103:OpenConnectionAsync|}(); }""")]
    [InlineData("""private static readonly DbDataSource Source = null!; [LocalHandler("q")] public static void Handle(OrderPaid order) { using var command = Source.{|REL4103:CreateCommand|}("INSERT"); command.ExecuteNonQuery(); }""")]
    [InlineData("""private static readonly DbConnection Shared = null!; [LocalHandler("q")] public static void Handle(OrderPaid order) { Shared.{|REL4103:Open|}(); }""")]
    [InlineData("""private static readonly DbProviderFactory Factory = null!; [LocalHandler("q")] public static void Handle(OrderPaid order) { using var connection = Factory.{|REL4103:CreateConnection|}(); }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order) { using var db = {|REL4103:new ShopDb()|}; db.Add(order); db.SaveChanges(); }""")]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, IDbContextFactory<ShopDb> contexts) { await using var db = await contexts.{|REL4103:CreateDbContextAsync|}(); }""")]
    public Task A_handler_with_a_connection_of_its_own_is_reported(string members) => HandlerCode.SaysAsync<OwnConnection>(members);

    [Theory]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, DbConnection connection) { using var command = connection.CreateCommand(); using var batch = connection.CreateBatch(); }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, DbConnection connection) { if (connection.State == System.Data.ConnectionState.Closed) connection.Open(); }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, ShopDb db) => db.Add(order);""")]
    [InlineData("""public static void NoHandler(DbDataSource source) => source.OpenConnection();""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, PgConnection connection) { var commands = new PgCommands(connection); }""")]
    public Task Others_are_not(string members) => HandlerCode.SaysAsync<OwnConnection>(members);

    private const string Members = """
        [System.Diagnostics.CodeAnalysis.AllowNull] public override string ConnectionString { get; set; } = ""; public override string Database => ""; public override string DataSource => "";
        public override string ServerVersion => ""; public override System.Data.ConnectionState State => default;
        public override void ChangeDatabase(string databaseName) { } public override void Close() { } public override void Open() { }
        protected override DbTransaction BeginDbTransaction(System.Data.IsolationLevel isolationLevel) => null!; protected override DbCommand CreateDbCommand() => null!;
        """;
}
