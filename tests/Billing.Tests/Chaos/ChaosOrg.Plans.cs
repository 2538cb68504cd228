using Billing.Tests.World;
using StripeSandbox.Faults;

namespace Billing.Tests.Chaos;

/// <summary>What an org does with its plan, at the service, in the portal and at Stripe.</summary>
internal sealed partial class ChaosOrg
{
    private async Task<string> SubscribeAsync()
    {
        var (plan, interval, isActivated) = (Draw("pro", "team"), Draw("monthly", "monthly", "annual"), Draw(true, true, true, false));
        var checkout = await CheckoutAsync(plan, interval);
        if (checkout.Status != 200)
        {
            return $"{plan} {interval}: {checkout.Status} {checkout["error.code"]}";
        }
        Assert.NotNull(await org.PayAsync(checkout["url"]!));
        return $"{plan} {interval}: {checkout["kind"]}, {await ActivateAsync(checkout["session_id"]!, isActivated)}";
    }

    private Task<ApiAnswer> CheckoutAsync(string plan, string interval) => TriedAsync(() => org.CheckoutAsync(new { plan, interval }));

    /// <summary>A refusal may rest on old news, which it has read: then the next try is not refused.</summary>
    private async Task<ApiAnswer> TriedAsync(Func<Task<ApiAnswer>> call)
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await call();
            if (answer.Status == 200 || tries == 3)
            {
                return answer;
            }
            await Marks.SettleAsync(world);
        }
    }

    /// <summary>The buyer's page posts it while the events are on their way; a buyer who closed the page posts nothing.</summary>
    private async Task<string> ActivateAsync(string session, bool isActivated)
    {
        if (!isActivated)
        {
            return "not activated";
        }
        var answers = await Task.WhenAll(Enumerable.Range(0, races ? 3 : 1).Select(_ => org.ActivateAsync(session)));
        return string.Join(' ', answers.Select(answer => $"{answer.Status} {answer["success"]}").Distinct());
    }

    private async Task<string> ChangeAsync(StripeTruth truth)
    {
        var (plan, interval) = (truth.Price.StartsWith("pro", StringComparison.Ordinal) ? "team" : "pro", Draw("monthly", "annual"));
        if ((truth.Price, interval) == ("team_monthly", "annual"))
        {
            // A year of fewer credits inside a month of more: whether that month was booked before decides what is left of it.
            interval = "monthly";
        }
        var change = await CheckoutAsync(plan, interval);
        if (change.Status != 200)
        {
            return $"{plan} {interval}: {change.Status} {change["error.code"]} {change["error.details.reason"]}";
        }
        var confirmed = await PortalPage.SubmitAsync(change["url"]!, "/update");
        return $"{plan} {interval}: {change["kind"]}, {confirmed.Status}";
    }

    private async Task<string> SetAsync(StripeTruth truth, string atPeriodEnd)
    {
        await world.PostToStripeAsync("/v1/subscriptions/" + truth.Id, new() { ["cancel_at_period_end"] = atPeriodEnd });
        return "done";
    }

    private async Task<string> EndAsync(StripeTruth truth) =>
        (await new Stripe.SubscriptionService(world.Stripe).CancelAsync(truth.Id)).Status;

    private Task<string> FailAsync(StripeTruth truth)
    {
        var fault = new ChargeFault { Subscription = truth.Id, Count = Draw(1, 2, 4) };
        _failing = world.Sandbox.Faults.Add(fault);
        return Task.FromResult($"{fault.Count} times");
    }

    private async Task<string> RecoverAsync(StripeTruth truth)
    {
        if (_failing is not null)
        {
            world.Sandbox.Faults.Remove(_failing.Id);
            _failing = null;
        }
        var paid = await world.PostToStripeAsync($"/v1/invoices/{truth.Invoice}/pay", []);
        return paid["status"]!.ToString();
    }
}
