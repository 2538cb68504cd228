using Billing.Tests.World;

namespace Billing.Tests.Operations;

/// <summary>Keys and reconciliation over HTTP; who may call is in <see cref="AccessMatrixTests"/>.</summary>
public sealed class OpsCallTests(BillingFixture fixture)
{
    [Fact]
    public async Task Key_MadeAndRevokedByCalls_WorksAndEnds()
    {
        var (org, ops) = (await TestOrg.CreateAsync(fixture.World), new OpsClient(fixture.World));

        var made = await ops.PostAsync("/keys", new { role = "member", org = org.Id, name = "reader", reason = "dashboard" });
        Assert.Equal(200, (await org.As(made["key"]!).StatusAsync()).Status);
        var listed = (await ops.GetAsync($"/keys?org={org.Id}")).Body!["keys"]!.AsArray().Single(key => (string)key!["name"]! == "reader")!;
        Assert.DoesNotContain(made["key"]!, listed.ToJsonString());
        var id = (string)listed["id"]!;

        Assert.NotNull((await ops.PostAsync($"/keys/{id}/revoke", new { reason = "leaked" }))["revoked_at"]);
        Assert.Equal(200, (await ops.PostAsync($"/keys/{id}/revoke", new { reason = "leaked" })).Status);

        await Eventually.Async(org.As(made["key"]!).StatusAsync, answer => answer.Status == 401, "the key has ended");
        Assert.Equal([("create_key", "dashboard"), ("revoke_key", "leaked")], (await ops.AuditAsync(org.Id)).Select(entry => (entry.Action, entry.Reason)));
        Assert.All(await ops.AuditAsync(org.Id), entry => Assert.DoesNotContain(made["key"]!, $"{entry.Before}{entry.After}"));
        Assert.Equal(404, (await ops.PostAsync("/keys/key_0/revoke", new { reason = "x" })).Status);
    }

    [Theory]
    [InlineData("owner", null)]
    [InlineData("service", "acme")]
    [InlineData("member", "white space")]
    public async Task Key_OfARoleThatDoesNotFitItsOrg_IsRefused(string role, string? org)
    {
        var answer = await new OpsClient(fixture.World).PostAsync("/keys", org is null ? new { role, reason = "x" } : new { role, org, reason = "x" });
        Assert.Equal((400, "org"), (answer.Status, answer["error.details.errors.0.path"]));
    }

    [Fact]
    public async Task Reconcile_ByCalls_ReportsFirst_ThenRepairs_WhatWasLost()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var (org, ops) = (await TestOrg.CreateAsync(world), new OpsClient(world));
        await org.BuyAsync();

        var report = await FinishAsync(ops, new { org = org.Id, reason = "looks lost" });
        Assert.NotEqual("0", report["found"]);
        Assert.Equal(("0", "free"), (report["repaired"], (await org.StatusAsync())["plan"]));

        var repaired = await FinishAsync(ops, new { org = org.Id, repair = true, reason = "was lost" });
        Assert.NotEqual("0", repaired["repaired"]);
        await org.EventuallyAsync("plan", "pro");
        Assert.Contains(await ops.AuditAsync(org.Id), entry => entry is { Action: "reconcile_and_repair", Reason: "was lost" });
        Assert.Equal(404, (await ops.PostAsync("/reconcile", new { org = "nobody", reason = "x" })).Status);
        Assert.Equal(400, (await ops.PostAsync("/reconcile", new { org = "\0", reason = "x" })).Status);
    }

    private static async Task<ApiAnswer> FinishAsync(OpsClient ops, object request)
    {
        while (true)
        {
            var part = await ops.PostAsync("/reconcile", request);
            Assert.Equal(200, part.Status);
            if (part["done"] == "true")
            {
                return part;
            }
        }
    }
}
