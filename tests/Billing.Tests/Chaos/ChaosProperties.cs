using System.Collections.Concurrent;
using System.Globalization;
using Billing.Tests.World;

namespace Billing.Tests.Chaos;

/// <summary>
/// DESIGN rules 1 to 3 as a property: however webhooks are repeated, delayed, turned around and lost, and whoever activates meanwhile, after
/// one reconciliation every org has what it would have had if nothing had gone wrong; where nothing was lost, without one. Twenty seeds, or as many as <c>BILLING_CHAOS_SEEDS</c>
/// says (<c>tests/long.sh</c>); <c>BILLING_CHAOS_SEED</c> replays one.
/// </summary>
public sealed class ChaosProperties(BillingFixture fixture)
{
    private const int AtOnce = 4;

    [Fact]
    public async Task Orgs_UnderAnyDeliveryFaults_EndAsUndisturbed_OnceReconciled()
    {
        var seeds = Number("BILLING_CHAOS_SEED") is { } one ? [one] : Enumerable.Range(1, Number("BILLING_CHAOS_SEEDS") ?? 20);
        var failures = new ConcurrentDictionary<int, string>();
        await Parallel.ForEachAsync(seeds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (seed, _) =>
        {
            if (failures.Count < 3 && await DifferenceAsync(new ChaosSeed(seed)) is { } difference)
            {
                failures[seed] = difference;
            }
        });
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures.OrderBy(failure => failure.Key).Select(failure => failure.Value)));
    }

    private async Task<string?> DifferenceAsync(ChaosSeed seed)
    {
        string[] databases = [await fixture.CreateDatabaseAsync(), await fixture.CreateDatabaseAsync()];
        try
        {
            var runs = await Task.WhenAll(
                ChaosRun.LiveAsync(databases[0], seed, isDisturbed: false), ChaosRun.LiveAsync(databases[1], seed, isDisturbed: true));
            await using var undisturbed = runs[0];
            await using var disturbed = runs[1];
            for (var org = 0; org < ChaosSeed.Orgs; org++)
            {
                var (wanted, found) = (await undisturbed.PictureAsync(org), await disturbed.PictureAsync(org));
                if (wanted != found || !found.EndsWith("ledger: ", StringComparison.Ordinal))
                {
                    return $"""
                        {Replay(seed)}
                        Org {org} undisturbed:
                        {wanted}
                        Disturbed:
                        {found}
                        Events undisturbed:
                        {await undisturbed.EventsAsync(org)}
                        Events disturbed:
                        {await disturbed.EventsAsync(org)}
                        """;
                }
            }
            return null;
        }
        catch (Exception failure)
        {
            return $"{Replay(seed)}\n{failure}";
        }
        finally
        {
            await Task.WhenAll(databases.Select(fixture.DropDatabaseAsync)); // a thousand seeds are two thousand databases
        }
    }

    private static string Replay(ChaosSeed seed) =>
        $"Seed {seed.Number} fails. Replay: BILLING_CHAOS_SEED={seed.Number} dotnet test tests/Billing.Tests --filter FullyQualifiedName~Chaos";

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
