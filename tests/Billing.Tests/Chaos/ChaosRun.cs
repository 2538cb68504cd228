using Billing.Tests.World;

namespace Billing.Tests.Chaos;

/// <summary>The lives of a seed's orgs in a world of their own, undisturbed or not.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    private readonly BillingWorld _world;
    private readonly List<ChaosOrg> _lives = [];

    private ChaosRun(BillingWorld world) => _world = world;

    public IReadOnlyList<ChaosOrg> Lives => _lives;

    public static async Task<ChaosRun> LiveAsync(string connectionString, ChaosSeed seed, bool isDisturbed)
    {
        var settings = new Dictionary<string, string?> { ["Billing:Plans:pro:Monthly:TrialDays"] = $"{seed.TrialDays}" };
        var run = new ChaosRun(await BillingWorld.StartAsync(connectionString, settings: settings, startTime: seed.At(0)));
        try
        {
            await run.LiveAsync(seed, isDisturbed);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    public Task<string> PictureAsync(int org) => OrgPicture.TakeAsync(_world, _lives[org]);

    public Task<string> EventsAsync(int org) => OrgPicture.EventsAsync(_world, _lives[org]);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task LiveAsync(ChaosSeed seed, bool isDisturbed)
    {
        for (var i = 0; i < ChaosSeed.Orgs; i++)
        {
            var org = await TestOrg.CreateAsync(_world, $"chaos-{seed.Number}-{i}");
            _lives.Add(new ChaosOrg(_world, org, seed.OfOrg(i), spends: i == 0, races: isDisturbed));
        }
        var chaos = new DeliveryChaos(_world.Sandbox, seed);
        for (var round = 0; round < ChaosSeed.Rounds; round++)
        {
            await _world.Sandbox.AdvanceAsync(seed.At(round));
            if (isDisturbed)
            {
                chaos.Begin(round);
            }
            await Task.WhenAll(_lives.Select(life => life.StepAsync(round)));
            if (!isDisturbed)
            {
                await Marks.SettleAsync(_world);
            }
        }
        await _world.Sandbox.AdvanceAsync(seed.At(ChaosSeed.Rounds));
        chaos.End();
        if (isDisturbed && !seed.IsLossless)
        {
            await DriftingWorld.ReconcileAsync(_world, repair: true); // as `billing reconcile --repair` does
        }
        await Marks.SettleAsync(_world);
        await _world.Sandbox.AdvanceAsync(seed.End);
        await Marks.SettleAsync(_world);
    }
}
