namespace Reliability.Tests.Handlers;

public sealed class EndsTransactionTests
{
    [Theory]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, DbTransaction transaction) => transaction.{|REL4102:Commit|}();""")]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, DbConnection connection, DbTransaction transaction, CancellationToken token) { await transaction.{|REL4102:CommitAsync|}(token).ConfigureAwait(false); }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, System.Data.IDbTransaction transaction) { try { Handle(order, transaction); } catch { transaction.{|REL4102:Rollback|}(); throw; } }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, DbTransaction transaction) { var pg = (PgTransaction)transaction; pg.{|REL4102:Rollback|}(); }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, DbTransaction transaction) { using var own = {|REL4102:transaction|}; }""")]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, DbTransaction transaction) { await using ({|REL4102:transaction|}) { } }""")]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, PgConnection connection) { await connection.{|REL4102:CloseAsync|}(); }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, ShopDb db) => db.Database.{|REL4102:CommitTransaction|}();""")]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, ShopDb db) => await db.Database.CurrentTransaction!.{|REL4102:RollbackAsync|}();""")]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, ShopDb db) { await Inner(); Task Inner() => db.Database.{|REL4102:CommitTransactionAsync|}(); }""")]
    public Task A_handler_that_ends_what_it_was_given_is_reported(string members) => HandlerCode.SaysAsync<EndsTransaction>(members);

    [Theory]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, DbTransaction transaction) { transaction.Save("a"); transaction.Rollback("a"); transaction.Release("a"); }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, DbConnection connection) { using var command = connection.CreateCommand(); command.ExecuteNonQuery(); }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, DbConnection connection) { var own = Other(); own.Commit(); own.Dispose(); } private static DbTransaction Other() => null!;""")]
    [InlineData("""public static void NoHandler(OrderPaid order, DbTransaction transaction) => transaction.Commit();""")]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, ShopDb db) { db.Add(order); await db.SaveChangesAsync(); }""")]
    public Task Others_are_not(string members) => HandlerCode.SaysAsync<EndsTransaction>(members);
}
