using Shop.Warehouse;

using var stopped = new ManualResetEventSlim();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopped.Set();
};

using var bus = new WarehouseBus(Environment.GetEnvironmentVariable("WAREHOUSE_BROKER") ?? "localhost");
using var worker = new ReservationWorker(bus, new Shelves());
worker.Start();

Console.WriteLine("The warehouse takes reservations; Ctrl+C ends it.");
stopped.Wait();
