namespace Reliability.Tests.Flow;

/// <summary>What reaches a use, over every kind of path; shown by a rule that reports a true.</summary>
public sealed class PathTests
{
    [Theory]
    [InlineData("bool a = false; a = true; Use([|a|]);")]
    [InlineData("bool a = false; if (flag) a = true; Use([|a|]);")]
    [InlineData("bool a = true; if (flag) { a = false; return; } Use([|a|]);")]
    [InlineData("bool a = true; if (flag) { a = false; throw new Exception(); } Use([|a|]);")]
    [InlineData("bool a = false; while (flag) { Use([|a|]); a = true; }")]
    [InlineData("bool a = false; do { a = true; } while (flag); Use([|a|]);")]
    [InlineData("bool a = false; for (var i = 0; i < 3; i++) { if (i == 1) { a = true; break; } } Use([|a|]);")]
    [InlineData("bool a = false; for (var i = 0; i < 3; a = true, i++) { if (flag) continue; } Use([|a|]);")]
    [InlineData("bool a = false; foreach (var c in text) { if (flag) { a = true; continue; } a = false; } Use([|a|]);")]
    [InlineData("bool a = false; while (true) { a = true; if (flag) break; a = false; } Use([|a|]);")]
    [InlineData("bool a = false; switch (text) { case \"1\": a = true; break; default: break; } Use([|a|]);")]
    [InlineData("bool a = true; switch (text) { case \"1\": a = false; break; } Use([|a|]);")]
    [InlineData("bool a = true; switch (text) { case \"1\": a = false; return; default: break; } Use([|a|]);")]
    [InlineData("bool a = text switch { \"1\" => true, _ => false }; Use([|a|]);")]
    [InlineData("bool a = text switch { \"1\" => true, _ => throw new Exception() }; Use([|a|]);")]
    [InlineData("bool a = true; try { text.Trim(); a = false; } catch (Exception) { } Use([|a|]);")]
    [InlineData("bool a = false; try { a = true; text.Trim(); a = false; } catch (Exception) { Use([|a|]); }")]
    [InlineData("bool a = false; try { a = true; text.Trim(); a = false; } finally { Use([|a|]); }")]
    [InlineData("bool a; try { a = false; } finally { a = true; } Use([|a|]);")]
    [InlineData("bool a = true; Action run = () => Use([|a|]); run();")]
    [InlineData("bool a = false; Action run = () => Use([|a|]); a = true; run();")]
    [InlineData("bool a = false; Action run = () => a = true; run(); Use([|a|]);")]
    [InlineData("bool a = false; a = true; Local(); void Local() => Use([|a|]);")]
    [InlineData("bool a = false; Set(); Use([|a|]); void Set() { a = true; }")]
    [InlineData("bool a = false; Set(); Use([|a|]); void Set() { if (flag) return; a = true; }")]
    [InlineData("bool a = false; while (true) { if (flag) { a = true; } if (text == \"\") break; a = false; } Use([|a|]);")]
    [InlineData("bool a = false; Set(); Use([|a|]); void Set() { a = true; if (flag) return; a = false; }")]
    [InlineData("bool a = false; foreach (var c in text) { a = true; if (c == 'a') continue; a = false; } Use([|a|]);")]
    [InlineData("bool a = true; Use([|a|]); a = false;")]
    [InlineData("bool a = flag && text == \"\" ? true : false; Use([|a|]);")]
    [InlineData("bool a, b = a = true; Use([|a|]); Use([|b|]);")]
    [InlineData("bool? a = null; a ??= true; Use([|a.Value|]);")]
    [InlineData("bool a = true; { bool b = a; Use([|b|]); }")]
    [InlineData("bool a = true; using (var x = new System.IO.MemoryStream()) { if (flag) { a = false; return; } } Use([|a|]);")]
    [InlineData("bool a = true; lock (text) { Use([|a|]); }")]
    [InlineData("Local(true); void Local(bool a) => Use([|a|]);")]
    [InlineData("Local(flag: true, other: 1); void Local(int other, bool flag) => Use([|flag|]);")]
    [InlineData("Local(); void Local(bool a = true) => Use([|a|]);")]
    [InlineData("Use([|Local()|]); bool Local() => true;")]
    [InlineData("Use([|Local()|]); bool Local() { if (flag) return false; return true; }")]
    [InlineData("object a = true; Use([|(bool)a|]);")]
    public Task A_true_that_can_get_here_is_reported(string statements) => RunAsync(statements);

    [Theory]
    [InlineData("bool a = true; a = false; Use(a);")]
    [InlineData("bool a = true; if (flag) a = false; else a = false; Use(a);")]
    [InlineData("bool a = true; if (flag) return; a = false; Use(a);")]
    [InlineData("bool a = false; if (flag) { a = true; return; } Use(a);")]
    [InlineData("bool a = false; if (flag) { a = true; if (text == \"\") return; else throw new Exception(); } Use(a);")]
    [InlineData("bool a = false; while (flag) { a = true; a = false; } Use(a);")]
    [InlineData("bool a = true; do { a = false; } while (flag); Use(a);")]
    [InlineData("bool a = true; while (true) { a = false; if (flag) break; } Use(a);")]
    [InlineData("bool a = true; switch (text) { case \"1\": a = false; break; default: a = false; break; } Use(a);")]
    [InlineData("bool a = false; switch (text) { case \"1\": a = true; return; } Use(a);")]
    [InlineData("bool a = true; try { a = false; } catch (Exception) { throw; } Use(a);")]
    [InlineData("bool a; try { a = true; } finally { a = false; } Use(a);")]
    [InlineData("bool a = true; Action run = () => a = flag; run(); Use(a);")]
    [InlineData("bool a = true; Action run = () => { }; run = () => a = bool.Parse(text); Use(a);")]
    [InlineData("bool a = true; Set(); Use(a); void Set() => a = false;")]
    [InlineData("bool a = true; a = false; Local(); void Local() => Use(a);")]
    [InlineData("bool a = true; (a, var b) = (false, 1); Use(a);")]
    [InlineData("bool a = true; a &= flag; Use(a);")]
    [InlineData("bool a = true; ref bool b = ref a; b = false; Use(a);")]
    [InlineData("foreach (var a in new[] { true, false }) Use(a);")]
    [InlineData("if ((object)text is bool a) Use(a);")]
    [InlineData("Local(true); Local(flag); void Local(bool a) => Use(a);")]
    [InlineData("Action<bool> run = Local; Local(true); void Local(bool a) => Use(a);")]
    [InlineData("bool a = true; goto end; end: a = false; Use(a);")]
    [InlineData("bool a = Loop(3); Use(a); bool Loop(int n) => n == 0 ? flag : Loop(n - 1);")]
    [InlineData("bool a = true, b = a; while (flag) { a = b; b = flag; } Use(a);")]
    public Task A_true_that_cannot_get_here_or_is_not_alone_known_is_silent(string statements) => RunAsync(statements);

    [Fact]
    public Task Private_methods_get_their_parameters_from_all_their_callers() => Verify.FileAsync<AutoAck>(Client.RabbitMq6, """
        class Consumer
        {
            private IModel _channel; private IBasicConsumer _consumer;
            public void All() { One(true); Two(true); Two(System.Environment.ExitCode == 1); Three(true); Handed(Three); }
            private void One(bool a) => _channel.BasicConsume("q", {|REL1001:a|}, _consumer);
            private void Two(bool a) => _channel.BasicConsume("q", a, _consumer);
            private void Three(bool a) => _channel.BasicConsume("q", a, _consumer);
            public void Four(bool a) => _channel.BasicConsume("q", a, _consumer);
            private void Handed(System.Action<bool> somewhere) => somewhere(false);
        }
        """);

    [Fact]
    public Task Partial_classes_are_read_as_one() => Verify.FilesAsync<AutoAck>(Client.RabbitMq6,
    [
        "partial class Consumer { private bool _one = true; private bool _two = true; private IModel _channel; private IBasicConsumer _consumer; }",
        """
        partial class Consumer
        {
            public void Run()
            {
                _channel.BasicConsume("q", {|REL1001:_one|}, _consumer);
                _channel.BasicConsume("q", _two, _consumer);
            }
        }
        """,
        "partial class Consumer { public void Change(bool value) => _two = value; }",
    ]);

    [Fact]
    public Task Members_that_others_can_set_or_replace_are_unknown() => Verify.FileAsync<AutoAck>(Client.RabbitMq6, """
        class Consumer
        {
            private IModel _channel; private IBasicConsumer _consumer;
            public bool Field = true;
            internal bool Internal = true;
            public readonly bool ReadOnly = true;
            public bool Init { get; init; } = true;
            public bool Set { get; set; } = true;
            public bool PrivateSet { get; private set; } = true;
            protected virtual bool Virtual => true;
            private bool ByRef = true;
            private bool Chosen { get { if (Init) return true; return false; } }
            private bool NeverSet;
            public void Run()
            {
                Change(ref ByRef);
                _channel.BasicConsume("q", Field, _consumer);
                _channel.BasicConsume("q", Internal, _consumer);
                _channel.BasicConsume("q", {|REL1001:ReadOnly|}, _consumer);
                _channel.BasicConsume("q", Init, _consumer);
                _channel.BasicConsume("q", Set, _consumer);
                _channel.BasicConsume("q", {|REL1001:PrivateSet|}, _consumer);
                _channel.BasicConsume("q", Virtual, _consumer);
                _channel.BasicConsume("q", ByRef, _consumer);
                _channel.BasicConsume("q", {|REL1001:Chosen|}, _consumer);
                _channel.BasicConsume("q", NeverSet, _consumer);
            }
            private static void Change(ref bool value) => value = false;
        }
        """);

    private static Task RunAsync(string statements) => Verify.FileAsync<AutoAck>(
        Client.RabbitMq6,
        "class Program { void Run(IModel channel, IBasicConsumer consumer, bool flag, string text) { "
        + System.Text.RegularExpressions.Regex.Replace(statements, @"Use\((?!\))(.*?)\)(?=;|$| )", match => $"channel.BasicConsume(\"q\", {match.Groups[1].Value.Replace("[|", "{|REL1001:", StringComparison.Ordinal)}, consumer)")
        + " } }");
}
