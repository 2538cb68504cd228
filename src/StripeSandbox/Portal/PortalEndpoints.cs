using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StripeSandbox.Pages;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Portal;

/// <summary>
/// The portal's pages. The address is the secret, as Stripe's is, so a form needs no token, and one POST with curl
/// does what the form does. A POST is one transaction; a refused one changes nothing.
/// </summary>
internal sealed class PortalEndpoints(Accounts accounts)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        var session = routes.MapGroup("/p/session/{token}");
        session.MapGet("", (string token) => Show(token, PortalEntry.Show));
        session.MapGet("/payment-method", (string token) => Show(token, visit => CardPage.Show(visit)));
        session.MapPost("/payment-method", (string token, HttpRequest request) =>
            ActAsync(token, request, CardChange.Run, (visit, form, error) => CardPage.Show(visit, error, form["name"])));
        session.MapGet("/payment-method/authenticate", (string token) => Show(token, CardAuthentication.Show));
        session.MapPost("/payment-method/authenticate", (string token, HttpRequest request) => ActAsync(token, request, CardAuthentication.Answer));
        session.MapGet("/invoices/{invoice}", (string token, string invoice) => Show(token, visit => InvoicePage.Show(visit, invoice)));
        session.MapPost("/invoices/{invoice}/pay", (string token, string invoice, HttpRequest request) =>
            ActAsync(token, request, (visit, _) => OpenInvoices.Pay(visit, invoice), (visit, _, error) => PortalEntry.Show(visit, error)));
        session.MapGet("/invoices/{invoice}/authenticate", (string token, string invoice) => Show(token, visit => InvoiceAuthentication.Show(visit, invoice)));
        session.MapPost("/invoices/{invoice}/authenticate", (string token, string invoice, HttpRequest request) =>
            ActAsync(token, request, (visit, form) => InvoiceAuthentication.Answer(visit, invoice, form)));
        MapSubscriptions(session.MapGroup("/subscriptions/{subscription}"));
    }

    private void MapSubscriptions(RouteGroupBuilder one)
    {
        one.MapGet("/update", (string token, string subscription, string? price) =>
            Show(token, visit => price is null ? PlanPage.Choose(visit, subscription) : PlanPage.Confirm(visit, PlanChoice.Read(visit, subscription, price, null))));
        one.MapPost("/update", (string token, string subscription, HttpRequest request) =>
            ActAsync(token, request, (visit, form) => PlanUpdate.Run(visit, subscription, form),
                (visit, form, error) => PlanPage.Confirm(visit, PlanChoice.Read(visit, subscription, form["price"], form["quantity"]), error)));
        one.MapPost("/keep", (string token, string subscription, HttpRequest request) => ActAsync(token, request, (visit, form) => PlanUpdate.Keep(visit, subscription, form)));
        one.MapGet("/cancel", (string token, string subscription) => Show(token, visit => CancelPage.Show(visit, subscription)));
        one.MapPost("/cancel", (string token, string subscription, HttpRequest request) => ActAsync(token, request, (visit, form) => PortalCancellation.Run(visit, subscription, form)));
        one.MapPost("/renew", (string token, string subscription, HttpRequest request) => ActAsync(token, request, (visit, form) => PortalCancellation.Undo(visit, subscription, form)));
    }

    private IResult Show(string token, Func<PortalVisit, IResult> page) => Visit(token, RequestOrigin.None, page);

    /// <summary>Runs a form's work. A declined card brings its page back with the error; any other refusal is a page of its own.</summary>
    private async Task<IResult> ActAsync(string token, HttpRequest request, Func<PortalVisit, IFormCollection, IResult> act, Func<PortalVisit, IFormCollection, PageError, IResult>? retry = null)
    {
        // A form without fields may come without a body.
        if (!request.HasFormContentType && request.ContentType is not null)
        {
            return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        var form = request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : FormCollection.Empty;
        try
        {
            return Visit(token, new RequestOrigin(Ids.New("req_", 14)), visit => act(visit, form), refusal => refusal.Status != 402 || retry is null);
        }
        catch (StripeError declined)
        {
            return Show(token, visit => retry!(visit, form, PageError.Of(declined)));
        }
    }

    private IResult Visit(string token, RequestOrigin origin, Func<PortalVisit, IResult> page, Func<StripeError, bool>? shows = null)
    {
        if (accounts.Holding(PortalLinks.Type, token) is not { } account)
        {
            return PortalPage.Unknown();
        }

        try
        {
            return account.Execute(origin, tx => Open(account, tx, token) is { } visit ? page(visit) : PortalPage.Expired());
        }
        catch (StripeError refusal) when (shows?.Invoke(refusal) ?? true)
        {
            return account.Execute(RequestOrigin.None, tx => Open(account, tx, token) is { } visit ? PortalPage.Refused(visit, refusal) : PortalPage.Expired());
        }
    }

    // Null: the address no longer opens anything.
    private static PortalVisit? Open(Account account, Transaction tx, string token)
    {
        var link = tx.Get(PortalLinks.Type, token);
        var session = tx.Get(PortalSessions.Type, link.Text("session"));
        var customer = tx.Get(Customers.Type, session.Text("customer"));
        if (PortalLinks.IsExpired(link, tx.Now) || customer.Flag("deleted"))
        {
            return null;
        }

        return new PortalVisit(account, tx, PortalLinks.Use(tx, link), session, customer, tx.Get(PortalConfigurations.Type, session.Text("configuration")));
    }
}
