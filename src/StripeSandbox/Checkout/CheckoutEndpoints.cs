using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StripeSandbox.Pages;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Checkout;

/// <summary>
/// The hosted page. The form posts <c>email</c>, <c>name</c> and <c>card_number</c>, <c>exp</c> (MM/YY), <c>cvc</c>, or a bank account
/// (<see cref="BankEntry"/>), and one plain POST is enough: the address of the page is the secret, as Stripe's is, so there is no
/// token to fetch first.
/// </summary>
internal sealed class CheckoutEndpoints(Accounts accounts, SandboxClock clock)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/c/pay/{session}", Show);
        routes.MapPost("/c/pay/{session}", PayAsync);
        routes.MapPost("/c/pay/{session}/promotion-code", EnterCodeAsync);
    }

    private IResult Show(string session) =>
        accounts.Holding(CheckoutSessions.Type, session) is { } account
            ? account.Execute(RequestOrigin.None, tx => CheckoutPage.Show(tx, tx.Get(CheckoutSessions.Type, session)))
            : CheckoutPage.Unknown();

    private async Task<IResult> PayAsync(string session, HttpRequest request)
    {
        if (accounts.Holding(CheckoutSessions.Type, session) is not { } account)
        {
            return CheckoutPage.Unknown();
        }

        if (!request.HasFormContentType)
        {
            return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        try
        {
            var paid = account.Execute(new RequestOrigin(Ids.New("req_", 14)), tx =>
            {
                var open = tx.Get(CheckoutSessions.Type, session);
                if (open.Text("status") != "open")
                {
                    return null;
                }

                var email = SessionCompletion.KnownEmail(tx, open) ?? ReadEmail(form["email"]);
                if (SessionCompletion.IsFree(open) && string.IsNullOrWhiteSpace(form["card_number"]))
                {
                    return SessionCompletion.Take(tx, open, email, string.IsNullOrWhiteSpace(form["name"]) ? null : form["name"].ToString().Trim());
                }

                return SessionCompletion.Pay(tx, open, PaymentEntry.Read(name => form[name], clock.GetUtcNow()), email);
            });
            // A second submit finds the session complete: it is told so and charged nothing.
            if (paid is null)
            {
                return Show(session);
            }

            return new SeeOther(Authentication.IsAwaited(paid) ? AuthenticationEndpoints.Path(session) : SuccessUrl.Of(paid));
        }
        catch (StripeError refusal)
        {
            return account.Execute(RequestOrigin.None, tx => CheckoutPage.Show(tx, tx.Get(CheckoutSessions.Type, session), PageError.Of(refusal), form));
        }
    }

    // An empty code takes back what was entered.
    private async Task<IResult> EnterCodeAsync(string session, HttpRequest request)
    {
        if (accounts.Holding(CheckoutSessions.Type, session) is not { } account)
        {
            return CheckoutPage.Unknown();
        }

        if (!request.HasFormContentType)
        {
            return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        try
        {
            account.Execute(RequestOrigin.None, tx =>
            {
                if (tx.Get(CheckoutSessions.Type, session) is var open && open.Text("status") == "open")
                {
                    SessionDiscount.Enter(tx, open, form["promotion_code"]);
                }
            });
            return new SeeOther($"/c/pay/{session}");
        }
        catch (StripeError refusal)
        {
            return account.Execute(RequestOrigin.None, tx => CheckoutPage.Show(tx, tx.Get(CheckoutSessions.Type, session), PageError.Of(refusal) with { Status = 400 }, form));
        }
    }

    // The page asks for an address; curl may leave it out.
    private static string? ReadEmail(string? email)
    {
        if (string.IsNullOrWhiteSpace(email))
        {
            return null;
        }

        return Params.IsEmail(email.Trim()) ? email.Trim() : throw StripeError.Declined("Your email address is not valid.", "email_invalid", null);
    }
}
