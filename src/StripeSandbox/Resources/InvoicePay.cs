using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>
/// <c>POST /v1/invoices/{id}/pay</c>: an attempt out of schedule, finalising a draft first. A refused one is a 402, and the
/// attempt and its events remain.
/// </summary>
internal static class InvoicePay
{
    public static JsonObject Run(Call call)
    {
        call.Params.RefuseNotEmulated("forgive", "mandate", "paid_out_of_band", "source");
        call.Params.Flag("off_session");
        var invoice = call.Tx.Edit(call.Subject(Invoices.Type, "invoice"));
        if (invoice.Text("status") is not ("draft" or "open"))
        {
            throw StripeError.Refused(invoice.Text("status") == "paid" ? "Invoice is already paid" : $"This invoice is {invoice.Text("status")} and can't be paid.");
        }

        if (Collection.IsUnderWay(invoice))
        {
            throw StripeError.Refused("This invoice's payment is processing: the bank has not answered yet.");
        }

        if (call.Tx.Get(Customers.Type, invoice.Text("customer")).Flag("deleted"))
        {
            throw StripeError.Refused("The customer of this invoice was deleted.");
        }

        var method = ReadMethod(call, invoice);
        if (invoice.Text("status") == "draft")
        {
            Invoicing.Finalise(call.Tx, invoice);
        }

        call.Failure = Dunning.Collect(call.Tx, invoice, method, new CollectionOrder("Payment for Invoice", Automatic: false, call.Now))?.ToError();
        return invoice;
    }

    private static JsonObject ReadMethod(Call call, JsonObject invoice)
    {
        if (call.Named(PaymentMethods.Type, "payment_method") is not { } method)
        {
            return Collection.DefaultMethod(call.Tx, call.Tx.Get(Subscriptions.Type, Invoices.SubscriptionOf(invoice)!))
                ?? throw StripeError.Refused("There is no `default_payment_method` set on this Customer or Invoice. Please set a `default_payment_method`.");
        }

        return PaymentMethods.IsOf(method, invoice.Text("customer")) ? method : throw PaymentMethods.NotOf(method, "payment_method");
    }
}
