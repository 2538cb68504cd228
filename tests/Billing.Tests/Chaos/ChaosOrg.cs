using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;
using StripeSandbox.Faults;

namespace Billing.Tests.Chaos;

/// <summary>An org that lives: in each round it does one thing, drawn from its seed among those that Stripe would let it do.</summary>
/// <param name="world">Of one run.</param>
/// <param name="org">It buys and activates.</param>
/// <param name="random">The same in both runs.</param>
/// <param name="spends">Whether it buys and spends top-ups only; with a plan it would depend on the moment what is spent.</param>
/// <param name="races">Whether it activates several times at once.</param>
internal sealed partial class ChaosOrg(BillingWorld world, TestOrg org, Random random, bool spends, bool races)
{
    private readonly List<Bought> _bought = [];
    private ActiveFault? _failing;
    private long _debited;

    public TestOrg Org => org;

    public IReadOnlyList<Bought> Bought => _bought;

    /// <summary>What it did and how Stripe and we answered: the same in both runs.</summary>
    public List<string> Story { get; } = [];

    public async Task StepAsync(int round)
    {
        var truth = await StripeTruth.ReadAsync(world, await CustomerAsync());
        var choices = Choices(truth).ToList();
        var (what, act) = choices[random.Next(choices.Count)];
        try
        {
            Story.Add($"round {round}, {truth?.Status ?? "no subscription"} {truth?.Price}: {what}, {await act()}");
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{org.Id} in round {round}: {what}, with {truth}, after\n{string.Join('\n', Story)}", failure);
        }
    }

    private IEnumerable<(string What, Func<Task<string>> Act)> Choices(StripeTruth? truth)
    {
        yield return ("buys credits", BuyCreditsAsync);
        yield return ("does nothing", () => Task.FromResult(""));
        if (spends)
        {
            yield return ("spends", SpendAsync);
            yield return ("spends", SpendAsync);
        }
        else
        {
            foreach (var choice in OfPlan(truth))
            {
                yield return choice;
            }
        }
        if (_bought.Find(bought => bought is { Left: > 0, Dispute: null }) is { } refundable)
        {
            yield return ("is given back " + refundable.Label, () => RefundAsync(refundable));
            yield return ("disputes " + refundable.Label, () => DisputeAsync(refundable));
        }
        if (_bought.Find(bought => bought.Dispute is not null) is { } disputed)
        {
            yield return ("wins " + disputed.Label, () => DecideAsync(disputed, "win"));
            yield return ("loses " + disputed.Label, () => DecideAsync(disputed, "lose"));
        }
    }

    private IEnumerable<(string What, Func<Task<string>> Act)> OfPlan(StripeTruth? truth)
    {
        var willFail = _failing is { } fault && fault.Struck < fault.Fault.Count;
        if (truth is null || (truth.IsOver && truth.PeriodEnd < Now))
        {
            // Not inside the month of one that ended: whether that month was booked would decide what the new one brings.
            yield return ("subscribes", SubscribeAsync);
            yield return ("subscribes", SubscribeAsync);
            yield return ("subscribes", SubscribeAsync);
        }
        else if (truth is { Status: "active", Ends: true })
        {
            yield return ("resumes", () => SetAsync(truth, "false"));
        }
        else if (truth.Status == "active" && !willFail)
        {
            if (!truth.WillChange)
            {
                yield return ("changes plan", () => ChangeAsync(truth));
                yield return ("changes plan", () => ChangeAsync(truth));
                yield return ("cancels", () => SetAsync(truth, "true"));
            }
            if (truth.Price.EndsWith("monthly", StringComparison.Ordinal))
            {
                // Not a year: months that begin before anybody has heard of its end would be granted.
                yield return ("ends at once", () => EndAsync(truth));
            }
            yield return ("will not be able to pay", () => FailAsync(truth));
            yield return ("shows its invoice", () => KeepInvoiceAsync(truth));
        }
        else if (truth.Status == "past_due")
        {
            yield return ("pays", () => RecoverAsync(truth));
            yield return ("pays", () => RecoverAsync(truth));
        }
    }

    private DateTimeOffset Now => world.Sandbox.Clock.GetUtcNow();

    private async Task<string?> CustomerAsync()
    {
        await using var db = world.OpenDb();
        return await db.Orgs.Where(row => row.Id == org.Id).Select(row => row.StripeCustomerId).SingleOrDefaultAsync();
    }

    private T Draw<T>(params T[] from) => from[random.Next(from.Length)];
}
