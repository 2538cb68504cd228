using System.Text.Json.Nodes;
using StripeSandbox.Checkout;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>Checkout sessions over the API. What is created is in <see cref="SessionCreation"/>, what paying does in <see cref="SessionCompletion"/>.</summary>
internal static class CheckoutSessions
{
    public const string Type = "checkout.session";

    public static void Map(Operations operations) => operations
        .Post("/v1/checkout/sessions", SessionCreation.Run)
        .Get("/v1/checkout/sessions", List)
        .Get("/v1/checkout/sessions/{session}", call => call.Subject(Type, "session"))
        .Post("/v1/checkout/sessions/{session}", Update)
        .Post("/v1/checkout/sessions/{session}/expire", Expire)
        .Get("/v1/checkout/sessions/{session}/line_items", call => call.Page(call.Subject(Type, "session").Elements("_line_items")));

    /// <summary>The list that <c>expand[]=line_items</c> adds to a session.</summary>
    public static JsonObject LineItemsOf(Transaction tx, JsonObject session) =>
        JsonFields.List($"/v1/checkout/sessions/{session.Id()}/line_items", session.Elements("_line_items").Select(item => item.Clone()));

    private static JsonObject Update(Call call)
    {
        call.Params.RefuseNotEmulated("collected_information", "line_items", "shipping_options");
        var session = call.Tx.Edit(call.Subject(Type, "session"));
        call.Params.MergeMetadata(session.Object("metadata"));
        return session;
    }

    private static JsonObject Expire(Call call)
    {
        var session = call.Subject(Type, "session");
        if (session.Text("status") != "open")
        {
            throw StripeError.Refused($"Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `{session.Text("status")}`.");
        }

        SessionExpiry.Expire(call.Tx, session);
        return call.Tx.Edit(session);
    }

    private static JsonObject List(Call call)
    {
        var p = call.Params;
        p.RefuseNotEmulated("customer_account");
        var email = p.Object("customer_details")?.Required("email");
        return call.Page(call.Tx.NewestFirst(Type).Where("customer", p.Text("customer")).Where("payment_intent", p.Text("payment_intent"))
            .Where("payment_link", p.Text("payment_link")).Where("subscription", p.Text("subscription")).Where("status", p.OneOf("status", "complete", "expired", "open"))
            .Where(session => email is null || session["customer_details"]?["email"]?.GetValue<string>() == email).WhereCreated(p));
    }
}
