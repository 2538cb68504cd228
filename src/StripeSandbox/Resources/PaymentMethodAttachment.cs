using System.Text.Json.Nodes;
using StripeSandbox.Checkout;
using StripeSandbox.Protocol;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Resources;

/// <summary>Giving a customer a card over the API. One of Stripe's test names, such as <c>pm_card_visa</c>, makes a new card each time.</summary>
internal static class PaymentMethodAttachment
{
    public static JsonObject Run(Call call)
    {
        call.Params.RefuseNotEmulated("customer_account");
        var customer = call.Named(Customers.Type, "customer") ?? throw call.Params.Missing("customer");
        var method = TestCards.NumberOf(call.Segment("payment_method")) is { } number
            ? MakeCard(call, number)
            : call.Tx.Edit(call.Subject(PaymentMethods.Type, "payment_method"));
        if (method["customer"] is not null && !PaymentMethods.IsOf(method, customer.Id()))
        {
            throw StripeError.Refused("The payment method you provided has already been attached to a customer.", null, "payment_method");
        }

        method["customer"] = customer.Id();
        call.Tx.Emit("payment_method.attached", method);
        return method;
    }

    private static JsonObject MakeCard(Call call, string number)
    {
        TestCards.CheckSaving(number);
        var nextYear = DateTimeOffset.FromUnixTimeSeconds(call.Now).Year + 1;
        return call.Tx.Add(PaymentMethods.New(call.Tx, new CardEntry(number, 12, nextYear, null), null));
    }
}
