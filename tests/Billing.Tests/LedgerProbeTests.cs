using System.Text.Json.Nodes;
using Billing.Ledger;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>A ledger that does not add up is found, whatever of it is wrong; and nobody can change what is written in it.</summary>
public sealed class LedgerProbeTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.SilentWorld;

    [Theory]
    [InlineData("UPDATE orgs SET balance = balance + 1 WHERE id = {0}", "balance 501, entries add up to 500")]
    [InlineData("UPDATE orgs SET ledger_length = 7 WHERE id = {0}", "7 entries expected, 1 found")]
    [InlineData("UPDATE orgs SET held = 3 WHERE id = {0}", "3 held, holds add up to 0")]
    [InlineData("UPDATE credit_grants SET remaining = 499 WHERE org_id = {0}", "499 left of the grants; 1 grants whose movements")]
    [InlineData("UPDATE credit_grants SET amount = 5000 WHERE org_id = {0}", "1 grants whose movements")]
    [InlineData("UPDATE credit_grants SET remaining = 400, expired = 100 WHERE org_id = {0}", "1 grants whose movements")]
    [InlineData("UPDATE credit_grants SET reversed = 400 WHERE org_id = {0}", "0 taken back, grants add up to 400")]
    [InlineData("UPDATE credit_entries SET balance_after = 507 WHERE org_id = {0}", "1 entries that do not follow from the one before")]
    [InlineData("UPDATE credit_movements SET delta = 400 WHERE org_id = {0}", "1 entries whose movements do not add up; 1 grants whose movements")]
    [InlineData("INSERT INTO credit_holds VALUES (gen_random_uuid(), {0}, 7, 'settled', 7, NULL, now(), now())", "0 settled, holds add up to 7")]
    public async Task Probe_OfALedgerThatWasTamperedWith_SaysWhatIsWrong(string tampering, string found)
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.ActivateAsync(await org.BuyCreditsAsync());
        var probe = _world.Service<LedgerProbe>();
        Assert.True((await probe.CheckAsync(org.Id, CancellationToken.None))!.IsClean);

        await using var db = _world.OpenDb();
        await db.Database.ExecuteSqlRawAsync(tampering, org.Id);

        Assert.Contains(found, (await probe.CheckAsync(org.Id, CancellationToken.None))!.Wrong);
        await db.Database.ExecuteSqlRawAsync(
            """
            UPDATE orgs SET balance = 500, held = 0, ledger_length = 1 WHERE id = {0};
            UPDATE credit_grants SET remaining = 500, amount = 500, expired = 0, reversed = 0 WHERE org_id = {0};
            UPDATE credit_entries SET balance_after = 500 WHERE org_id = {0};
            UPDATE credit_movements SET delta = 500 WHERE org_id = {0};
            DELETE FROM credit_holds WHERE org_id = {0}
            """, org.Id);
    }

    [Fact]
    public async Task Verify_SaysWhichLedgersDoNotAddUp_InWordsAndAsJson()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var (clean, wrong) = (await TestOrg.CreateAsync(world), await TestOrg.CreateAsync(world));
        Assert.Equal((0, "All 2 ledgers add up.\n"), await RunAsync());

        await using var db = world.OpenDb();
        await db.Database.ExecuteSqlAsync($"UPDATE orgs SET ledger_length = 7 WHERE id = {wrong.Id}");

        var (code, words) = await RunAsync();
        Assert.Equal(1, code);
        Assert.StartsWith($"{wrong.Id}: 7 entries expected, 0 found", words);
        Assert.EndsWith("\n1 of 2 ledgers do not add up.\n", words);
        (code, var json) = await RunAsync("--json");
        Assert.Equal((1, wrong.Id), (code, (string)JsonNode.Parse(json)!["org"]!));
        (code, json) = await RunAsync("--json", "--org", clean.Id);
        Assert.Equal((0, ""), (code, (string)JsonNode.Parse(json)!["wrong"]!));
        Assert.Equal((1, ""), await RunAsync("--org", "nobody"));

        async Task<(int Code, string Output)> RunAsync(params string[] args)
        {
            var (code, output, _) = await CommandLine.RunAsync(
                TestConfiguration.Create(world.ConnectionString, world.Sandbox.Url, BillingWorld.TestSecret), ["credits", "verify", .. args]);
            return (code, output);
        }
    }

    [Fact]
    public async Task Probe_OfAllOrgs_GoesThroughThemInSlices()
    {
        await TestOrg.CreateAsync(_world);
        await TestOrg.CreateAsync(_world);
        var probe = _world.Service<LedgerProbe>();
        var (seen, last) = (new List<string>(), "");
        while (await probe.CheckAsync(last, 1, CancellationToken.None) is [var finding])
        {
            seen.Add(finding.OrgId);
            last = finding.OrgId;
        }
        Assert.Equal(seen.Distinct(), seen);
        Assert.True(seen.Count >= 2);
    }
}
