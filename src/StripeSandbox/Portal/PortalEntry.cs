using Microsoft.AspNetCore.Http;
using StripeSandbox.Pages;
using StripeSandbox.State;

namespace StripeSandbox.Portal;

/// <summary>The page at the session's own address: the overview, or the one task that the session leads to.</summary>
internal static class PortalEntry
{
    public static IResult Show(PortalVisit visit) => Show(visit, null);

    public static IResult Show(PortalVisit visit, PageError? error)
    {
        if (visit.ShowsOverview)
        {
            return Overview.Show(visit, error);
        }

        if (visit.IsFinished)
        {
            return FlowCompletion.Page(visit, error);
        }

        var flow = visit.Flow!;
        var subscription = flow[flow.Text("type")]?["subscription"]?.GetValue<string>();
        return flow.Text("type") switch
        {
            "payment_method_update" => CardPage.Show(visit, error),
            "subscription_cancel" => CancelPage.Show(visit, subscription!),
            "subscription_update" => PlanPage.Choose(visit, subscription!),
            _ => PlanPage.Confirm(visit, PlanChoice.OfFlow(visit)),
        };
    }
}
