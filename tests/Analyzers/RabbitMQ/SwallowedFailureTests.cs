namespace Reliability.Tests.RabbitMQ;

public sealed class SwallowedFailureTests
{
    [Theory]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } {|REL1008:catch|} (Exception e) { _logger.LogError("x", e); } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } {|REL1008:catch|} { } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } {|REL1008:catch|} (Exception e) { Console.WriteLine(e.Message); await channel.BasicAckAsync(ea.DeliveryTag, false); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); await _store.SaveAsync(order); } finally { await channel.{|REL1008:BasicAckAsync|}(ea.DeliveryTag, false); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } {|REL1008:catch|} (Exception e) { Console.WriteLine($"{e}"); } finally { Console.WriteLine("done"); } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch (InvalidOperationException) { throw; } {|REL1008:catch|} (Exception) { } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""Order order = null; try { order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } {|REL1008:catch|} (Exception e) { _logger.LogError("x", e); } if (ea.Redelivered) { return; } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    public Task Version_6_reports(string statements, string before = "", string declared = "") => Handler.SaysAsync<SwallowedFailure>(Client.RabbitMq6, statements, before, declared);

    [Theory]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch (Exception e) { _logger.LogError("x", e); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch (Exception e) { _logger.LogError("x", e); throw; } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch (Exception e) { _logger.LogError("x", e); await channel.BasicNackAsync(ea.DeliveryTag, false, false); return; } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch { _store.SaveFailed(ea.Body.ToArray()); } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch (FormatException) { } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""var ok = true; try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch { ok = false; } if (ok) await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch { return; } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { Console.WriteLine(ea.RoutingKey); } catch { } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch { await channel.BasicPublishAsync("dead", "k", body: ea.Body); } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""var ok = false; try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); ok = true; } finally { if (ok) await channel.BasicAckAsync(ea.DeliveryTag, false); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch (Exception e) when (e is FormatException) { } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""var success = false; try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); success = true; } catch (Exception e) { Console.WriteLine(e); } if (success) { await channel.BasicAckAsync(ea.DeliveryTag, false); } else { await channel.BasicRejectAsync(ea.DeliveryTag, false); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch { LogAndKeep(ea); } await channel.BasicAckAsync(ea.DeliveryTag, false);""", "", "private void LogAndKeep(BasicDeliverEventArgs ea) => _store.SaveFailed(ea.Body.ToArray());")]
    [InlineData("""Order order = null; try { order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch (Exception e) { _logger.LogError("x", e); } if (order == null) { throw new InvalidOperationException(); } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""var done = false; try { _store.Save(Order.Parse(ea.Body.ToArray())); done = true; } catch (Exception e) { _logger.LogError("x", e); } if (!done) return; await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    public Task Version_6_is_silent(string statements, string before = "", string declared = "") => Handler.SaysAsync<SwallowedFailure>(Client.RabbitMq6, statements, before, declared);

    [Theory]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } {|REL1008:catch|} (Exception e) { _logger.LogError("x", e); } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } {|REL1008:catch|} { } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } {|REL1008:catch|} (Exception e) { Console.WriteLine(e.Message); await channel.BasicAckAsync(ea.DeliveryTag, false); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); await _store.SaveAsync(order); } finally { await channel.{|REL1008:BasicAckAsync|}(ea.DeliveryTag, false); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } {|REL1008:catch|} (Exception e) { Console.WriteLine($"{e}"); } finally { Console.WriteLine("done"); } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch (InvalidOperationException) { throw; } {|REL1008:catch|} (Exception) { } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""Order order = null; try { order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } {|REL1008:catch|} (Exception e) { _logger.LogError("x", e); } if (ea.Redelivered) { return; } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    public Task Version_7_reports(string statements, string before = "", string declared = "") => Handler.SaysAsync<SwallowedFailure>(Client.RabbitMq7, statements, before, declared);

    [Theory]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); await channel.BasicAckAsync(ea.DeliveryTag, false); } catch (Exception e) { _logger.LogError("x", e); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch (Exception e) { _logger.LogError("x", e); throw; } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch (Exception e) { _logger.LogError("x", e); await channel.BasicNackAsync(ea.DeliveryTag, false, false); return; } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch { _store.SaveFailed(ea.Body.ToArray()); } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch (FormatException) { } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""var ok = true; try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch { ok = false; } if (ok) await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch { return; } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { Console.WriteLine(ea.RoutingKey); } catch { } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch { await channel.BasicPublishAsync("dead", "k", body: ea.Body); } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""var ok = false; try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); ok = true; } finally { if (ok) await channel.BasicAckAsync(ea.DeliveryTag, false); }""")]
    [InlineData("""try { var order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch (Exception e) when (e is FormatException) { } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""Order order = null; try { order = Order.Parse(ea.Body.ToArray()); _store.Save(order); } catch (Exception e) { _logger.LogError("x", e); } if (order == null) { throw new InvalidOperationException(); } await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    [InlineData("""var done = false; try { _store.Save(Order.Parse(ea.Body.ToArray())); done = true; } catch (Exception e) { _logger.LogError("x", e); } if (!done) return; await channel.BasicAckAsync(ea.DeliveryTag, false);""")]
    public Task Version_7_is_silent(string statements, string before = "", string declared = "") => Handler.SaysAsync<SwallowedFailure>(Client.RabbitMq7, statements, before, declared);
}
