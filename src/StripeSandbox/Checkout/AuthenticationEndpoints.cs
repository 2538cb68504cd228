using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StripeSandbox.Billing;
using StripeSandbox.Pages;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Checkout;

/// <summary>The step between form and payment of a card that asks for 3-D Secure: <see cref="AuthenticationPage"/>.</summary>
internal sealed class AuthenticationEndpoints(Accounts accounts)
{
    public static string Path(string session) => $"/c/pay/{session}/authenticate";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path("{session}"), Show);
        routes.MapPost(Path("{session}"), AnswerAsync);
    }

    private IResult Show(string session) => With(session, account => account.Execute(RequestOrigin.None, tx =>
        tx.Get(CheckoutSessions.Type, session) is var open && Authentication.IsAwaited(open) ? Page(tx, open) : Elsewhere(tx, open)));

    private async Task<IResult> AnswerAsync(string session, HttpRequest request)
    {
        if (!request.HasFormContentType)
        {
            return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        var outcome = (await request.ReadFormAsync(request.HttpContext.RequestAborted))["outcome"].ToString();
        return outcome switch
        {
            "complete" => With(session, account => Complete(account, session)),
            "fail" => With(session, account => Fail(account, session, Refusal.NotAuthenticated)),
            _ => new HostedPage(400, "Not done", "<h1>Not done</h1><p>Send the outcome: complete or fail.</p>"),
        };
    }

    private static IResult Complete(Account account, string session)
    {
        try
        {
            return account.Execute(new RequestOrigin(Ids.New("req_", 14)), tx => tx.Get(CheckoutSessions.Type, session) is var open && Authentication.IsAwaited(open)
                ? new SeeOther(SuccessUrl.Of(Authentication.Complete(tx, open))) : Elsewhere(tx, open));
        }
        catch (StripeError declined) when (declined.Status == 402)
        {
            // What the transaction did is gone; that it failed stays.
            return Fail(account, session, new Refusal(declined.Code!, declined.DeclineCode, declined.Message));
        }
        catch (StripeError refusal)
        {
            return account.Execute(RequestOrigin.None, tx => CheckoutPage.Show(tx, tx.Get(CheckoutSessions.Type, session), PageError.Of(refusal)));
        }
    }

    private static IResult Fail(Account account, string session, Refusal refusal) => account.Execute(new RequestOrigin(Ids.New("req_", 14)), tx =>
    {
        var open = tx.Get(CheckoutSessions.Type, session);
        if (!Authentication.IsAwaited(open))
        {
            return Elsewhere(tx, open);
        }

        var buyer = Authentication.Method(tx, open).Object("billing_details");
        Authentication.Fail(tx, open, refusal);
        return CheckoutPage.Show(tx, tx.Get(CheckoutSessions.Type, session), PageError.Of(refusal.ToError()), new FormCollection(new()
        {
            ["email"] = buyer.TextOrNull("email"),
            ["name"] = buyer.TextOrNull("name"),
        }));
    });

    // An answer sent twice, or one to a question that another attempt has put away.
    private static IResult Elsewhere(Transaction tx, JsonObject session) =>
        session.Text("status") == "open" ? new SeeOther($"/c/pay/{session.Id()}") : CheckoutPage.Show(tx, session);

    private static HostedPage Page(Transaction tx, JsonObject session)
    {
        var amount = session.Number("amount_total");
        var what = amount == 0 ? "later payments" : $"a payment of <strong>{E(Money.Display(amount, session.Text("currency")))}</strong>";
        return new HostedPage(200, "3-D Secure", AuthenticationPage.Html(Path(session.Id()), what, Authentication.Method(tx, session), $"/c/pay/{session.Id()}"))
        {
            FormTarget = WebAddress.Origin(SuccessUrl.Of(session)),
        };
    }

    private IResult With(string session, Func<Account, IResult> run) =>
        accounts.Holding(CheckoutSessions.Type, session) is { } account ? run(account) : CheckoutPage.Unknown();
}
