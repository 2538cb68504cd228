using System.Diagnostics;

namespace Billing.StripeCalls;

/// <summary>Has calls in the background spend the budget; of all others it only sees whether Stripe refused them as too many.</summary>
internal sealed class BudgetHandler(StripeBudget budget, bool isBackground) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => isBackground
        ? budget.SpendAsync(token => AttemptAsync(request, token), cancellationToken)
        : AttemptAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            StripeMetrics.Record(started, request, response, isBackground);
        }
        budget.Note(response);
        if (isBackground)
        {
            // Under the attempt's timeout, which ends before HttpClient would read the body.
            await response.Content.LoadIntoBufferAsync(cancellationToken);
        }
        return response;
    }
}
