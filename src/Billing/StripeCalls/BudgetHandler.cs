namespace Billing.StripeCalls;

/// <summary>Has calls in the background spend the budget; of all others it only sees whether Stripe refused them as too many.</summary>
internal sealed class BudgetHandler(StripeBudget budget, bool isBackground) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => isBackground
        ? budget.SpendAsync(token => AttemptAsync(request, token), cancellationToken)
        : AttemptAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        budget.Note(response);
        if (isBackground)
        {
            // Under the attempt's timeout, which ends before HttpClient would read the body.
            await response.Content.LoadIntoBufferAsync(cancellationToken);
        }
        return response;
    }
}
