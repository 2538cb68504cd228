using System.Text.Json;
using Billing.Api;
using Billing.Persistence;
using Billing.Reconciliation;

namespace Billing.Cli;

/// <summary>Writes drift as it is found: a table for people, or a JSON object per line for scripts.</summary>
internal sealed class DriftReport(TextWriter output, TextWriter notes, bool isJson)
{
    private static readonly IReadOnlyList<string> Headings = ["DRIFT", "ORG", "OBJECT", "REPAIRED", "DETAIL"];

    public async Task WriteAsync(IReadOnlyList<Drift> found)
    {
        if (isJson)
        {
            foreach (var drift in found)
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(
                    new { drift.Type, Org = drift.OrgId, Object = drift.ObjectId, Repaired = drift.IsRepaired, drift.Detail }, Json.Options));
            }
        }
        else if (found.Count > 0)
        {
            await TextTable.WriteAsync(output, Headings, found.Select(Cells));
        }
        await output.FlushAsync();
    }

    public Task NoteAsync(string sentence) => notes.WriteLineAsync(sentence);

    public async Task CloseAsync(ReconciliationRun run)
    {
        if (!isJson)
        {
            await output.WriteLineAsync(run.Found == 0 ? "No drift." : $"{run.Found} found, {run.Repaired} repaired.");
        }
    }

    private static IReadOnlyList<string> Cells(Drift drift) =>
        [EnumWords<DriftType>.Of(drift.Type), drift.OrgId ?? "-", drift.ObjectId, drift.IsRepaired ? "yes" : "no", drift.Detail];
}
