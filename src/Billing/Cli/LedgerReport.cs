using System.Text.Json;
using Billing.Api;
using Billing.Ledger;
using Billing.Operations;

namespace Billing.Cli;

/// <summary>Writes which ledgers do not add up: sentences for people, or a JSON object per line.</summary>
internal sealed class LedgerReport(TextWriter output, TextWriter notes, bool isJson)
{
    private int _looked;
    private int _wrong;

    /// <summary>Writes it whatever it says; sentences for people are left out where nothing is wrong.</summary>
    public async Task WriteAsync(LedgerFinding finding)
    {
        _looked++;
        _wrong += finding.IsClean ? 0 : 1;
        if (isJson)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(new VerifyResponse(finding.OrgId, finding.Wrong), Json.Options));
        }
        else if (!finding.IsClean)
        {
            await output.WriteLineAsync($"{finding.OrgId}: {finding.Wrong}");
        }
    }

    /// <summary>Writes it if it is wrong.</summary>
    public Task CountAsync(LedgerFinding finding)
    {
        if (!finding.IsClean)
        {
            return WriteAsync(finding);
        }
        _looked++;
        return Task.CompletedTask;
    }

    public Task NoteAsync(string sentence) => notes.WriteLineAsync(sentence);

    /// <returns>Whether all of them add up.</returns>
    public async Task<bool> CloseAsync()
    {
        if (!isJson)
        {
            var all = _looked == 1 ? "1 ledger adds up." : $"All {_looked} ledgers add up.";
            await output.WriteLineAsync(_wrong == 0 ? all : $"{_wrong} of {_looked} ledgers do not add up.");
        }
        return _wrong == 0;
    }
}
