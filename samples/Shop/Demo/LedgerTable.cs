using Spectre.Console;

namespace Shop.Demo;

/// <summary>The ledger for a person, with what the run went through.</summary>
internal static class LedgerTable
{
    public static void Print(Ledger ledger, WorkerCrew crew, DemoServers servers)
    {
        var table = new Table().AddColumn("ledger").AddColumn(new TableColumn("").RightAligned()).AddColumn("");
        void Row(string name, long count, string meaning) => table.AddRow(name, $"{count:N0}", meaning);
        Row("sent", ledger.Sent, "orders whose row and message were committed");
        Row("effects", ledger.Invoices + ledger.Parcels, $"{ledger.Invoices:N0} invoices and {ledger.Parcels:N0} parcels");
        Row("lost", ledger.Lost, "orders without an invoice, or without a parcel");
        Row("doubled", ledger.Doubled, "invoices or parcels above one for each order");
        Row("duplicates", ledger.Duplicates, "deliveries that were dropped: handled before");
        Row("dead letters", ledger.DeadLetters, "messages kept for a person");
        Row("worker kills", crew.Killed, $"SIGKILL; {crew.Started:N0} were started, {crew.Ended:N0} ended by themselves");
        if (servers.Broker is { } broker)
        {
            Row("broker kills", broker.Count, "SIGKILL of RabbitMQ, started again over its data");
        }

        if (servers.Database is { } database)
        {
            Row("database kills", database.Count, "SIGKILL of PostgreSQL, started again over its data");
        }

        AnsiConsole.Write(table);
    }
}
