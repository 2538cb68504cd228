using System.Text;
using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.Webhooks;

namespace StripeSandbox.State;

/// <summary>Opening a sandbox's state: what the journal holds is read, written back without its history, and continued.</summary>
internal static class StateFile
{
    public static (Journal Journal, Accounts Accounts, SandboxClock Clock) Open(SandboxOptions options, Rendering rendering, BillingRules rules)
    {
        if (options.StateFile is not { } path)
        {
            var fresh = new SandboxClock(OffsetAt(options.StartTime) ?? TimeSpan.Zero);
            return (Journal.None, new Accounts(Journal.None, rendering, rules, fresh), fresh);
        }
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // The lock comes first: two sandboxes must not compact one file at the same time.
        var hold = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var lines = File.Exists(path) ? Journal.Read(path).ToArray() : [];
            var offset = TimeSpan.FromMilliseconds(lines.Max(line => line.NumberOrNull("clock_offset_ms")) ?? 0);
            if (OffsetAt(options.StartTime) is { } wanted)
            {
                offset = wanted >= offset ? wanted : throw new ArgumentException("StartTime lies in the past of the state file: a clock never goes back.");
            }

            var clock = new SandboxClock(offset);
            Compact(path, lines, new Accounts(Journal.None, rendering, rules, clock), clock);
            var journal = Journal.Open(path, hold);
            var accounts = new Accounts(journal, rendering, rules, clock);
            foreach (var line in Journal.Read(path).Where(line => line.ContainsKey("account")))
            {
                accounts.Restore(line);
            }

            return (journal, accounts, clock);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    private static TimeSpan? OffsetAt(DateTimeOffset? start) => start - TimeProvider.System.GetUtcNow();

    // Written beside and moved into place, so that a crash leaves the old file or the new one.
    private static void Compact(string path, IEnumerable<JsonObject> lines, Accounts accounts, SandboxClock clock)
    {
        foreach (var line in lines.Where(line => line.ContainsKey("account")))
        {
            accounts.Restore(line);
        }

        using (var writer = new StreamWriter(path + ".new", append: false, new UTF8Encoding(false)) { NewLine = "\n" })
        {
            writer.WriteLine(Journal.ClockLine(clock.Offset).ToJsonString(JsonOutput.Compact));
            foreach (var account in accounts.All)
            {
                foreach (var json in account.Snapshot().Where(json => !IsStale(json, clock.UnixNow)))
                {
                    writer.WriteLine(Journal.Line(account.Id, [json], []).ToJsonString(JsonOutput.Compact));
                }
            }
        }
        File.Move(path + ".new", path, overwrite: true);
    }

    private static bool IsStale(JsonObject json, long now) =>
        Idempotency.IsStale(json, now) || (json.Type() is Events.Type or Delivery.Type && Events.IsStale(json, now));
}
