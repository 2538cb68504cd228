using Billing.Authentication;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>Keys in the hands of an operator: what the command line shows and ends.</summary>
public sealed class KeysTests(BillingFixture fixture)
{
    [Fact]
    public async Task KeysList_ShowsIdsAndWhose_NeverAKey()
    {
        var world = fixture.World;
        var (org, other) = (await TestOrg.CreateAsync(world), await TestOrg.CreateAsync(world));
        await world.Service<ApiKeys>().CreateAsync(Role.Admin, org.Id, "over\nthere\u001b[2J", CancellationToken.None);

        var (code, output, _) = await RunAsync(world, "keys", "list", "--org", org.Id);

        var lines = output.TrimEnd().Split('\n');
        Assert.Equal((0, 3), (code, lines.Length));
        Assert.StartsWith("ID ", lines[0]);
        Assert.Matches($@"^key_[0-9a-f]+ +owner +{org.Id} +test +\S+Z +-$", lines[1]);
        Assert.Matches($@"^key_[0-9a-f]+ +admin +{org.Id} +over\?there\?\[2J +\S+Z +-$", lines[2]);
        Assert.DoesNotContain(org.OwnerKey["bk_test_".Length..], output);
        Assert.DoesNotContain(other.Id, output);
    }

    [Fact]
    public async Task KeysRevoke_EndsTheKey_AndIsSafeToRepeat()
    {
        var world = fixture.World;
        var org = await TestOrg.CreateAsync(world);
        var id = await IdOfAsync(world, org);

        var (code, first, _) = await RunAsync(world, "keys", "revoke", id, "--reason", "test");
        Assert.Equal(0, code);
        Assert.Matches(@"^Revoked at \S+Z\.$", first.Trim());
        Assert.Equal(401, (await org.StatusAsync()).Status);
        Assert.Equal((0, first, ""), await RunAsync(world, "keys", "revoke", id, "--reason", "test"));

        Assert.DoesNotContain(id, (await RunAsync(world, "keys", "list", "--org", org.Id)).Output);
        Assert.Matches(id + @".*Z +\S+Z\n", (await RunAsync(world, "keys", "list", "--org", org.Id, "--all")).Output);
    }

    [Fact]
    public async Task KeysRevoke_UnknownId_SaysSoAndFails()
    {
        var (code, output, error) = await RunAsync(fixture.World, "keys", "revoke", "key_0", "--reason", "test");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("no key", error);
    }

    [Theory]
    [InlineData("Owner", "/v1/billing/status")]
    [InlineData("Operator", "/v1/ops/events?limit=1")]
    public async Task Key_RevokedWhileEveryHostKnowsIt_IsGoneEverywhereWithin30Seconds(string holder, string call)
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var elsewhere = await world.StartSecondHostAsync();
        var role = Enum.Parse<Role>(holder);
        var key = await world.CreateKeyAsync(role, role == Role.Owner ? (await TestOrg.CreateAsync(world)).Id : null);
        Uri[] hosts = [world.Url, elsewhere];
        foreach (var host in hosts)
        {
            Assert.Equal(200, (await world.SendAsync(HttpMethod.Get, call, key, host: host)).Status);
        }

        await using var db = world.OpenDb();
        var newest = await db.ApiKeys.OrderByDescending(row => row.CreatedAt).FirstAsync();
        await world.Service<ApiKeys>().RevokeAsync(newest.Id, CancellationToken.None);
        await world.Sandbox.AdvanceAsync(TimeSpan.FromSeconds(30));

        foreach (var host in hosts)
        {
            Assert.Equal(401, (await world.SendAsync(HttpMethod.Get, call, key, host: host)).Status);
        }
    }

    private static async Task<string> IdOfAsync(BillingWorld world, TestOrg org)
    {
        await using var db = world.OpenDb();
        return (await db.ApiKeys.SingleAsync(key => key.OrgId == org.Id)).Id;
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(BillingWorld world, params string[] args) => CommandLine.RunAsync(
        TestConfiguration.Create(world.ConnectionString, world.Sandbox.Url, "whsec_a_secret_of_some_length"), args);
}
