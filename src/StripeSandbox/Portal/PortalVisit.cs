using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Portal;

/// <summary>One request to a session's pages: whose it is, what the configuration allows, and what the session is for.</summary>
/// <param name="Account">For previews; everything else goes through the transaction.</param>
/// <param name="Link">For changing: see <see cref="PortalLinks.Use"/>.</param>
internal sealed record PortalVisit(Account Account, Transaction Tx, JsonObject Link, JsonObject Session, JsonObject Customer, JsonObject Configuration)
{
    public const string UpdateCard = "payment_method_update";
    public const string Cancel = "subscription_cancel";
    public const string Update = "subscription_update";

    /// <summary>The one task that the session leads to; null: it opens on the overview.</summary>
    public JsonObject? Flow => Session["flow"] as JsonObject;

    /// <summary>The session's task is done, and it has no other.</summary>
    public bool IsFinished => Flow is not null && Link.Flag("finished") && !ShowsOverview;

    /// <summary>Everything that the configuration allows is open; not so before a session's task is done, nor after if it ends elsewhere.</summary>
    public bool ShowsOverview => Flow is null || (Link.Flag("finished") && Flow.Object("after_completion").Text("type") == "portal_homepage");

    /// <summary>The path of a page of this session.</summary>
    public string Path(string rest = "") => $"/p/session/{Link.Id()}{rest}";

    public string Path(JsonObject subscription, string rest) => Path($"/subscriptions/{subscription.Id()}{rest}");

    public bool Allows(string feature) => Feature(feature).Flag("enabled");

    public JsonObject Feature(string feature) => Configuration.Object("features").Object(feature);

    /// <exception cref="StripeError">403: the configuration disables the feature, or the session leads to another task.</exception>
    public void Require(string feature, string? subscription = null)
    {
        if (!Allows(feature))
        {
            throw PortalRefusals.Disabled();
        }

        if (!ShowsOverview && !LeadsTo(feature, subscription))
        {
            throw PortalRefusals.OtherTask();
        }
    }

    /// <summary>Undoing a cancellation belongs to both features of subscriptions; a session for an update may need it first.</summary>
    public void RequireRenewal(string subscription)
    {
        if (!CanRenew)
        {
            throw PortalRefusals.Disabled();
        }

        if (!ShowsOverview && !LeadsTo(Update, subscription) && !LeadsTo(Cancel, subscription))
        {
            throw PortalRefusals.OtherTask();
        }
    }

    public bool CanRenew => Allows(Cancel) || Allows(Update);

    public IEnumerable<JsonObject> LiveSubscriptions => Tx.NewestFirst(Subscriptions.Type).Where("customer", Customer.Id())
        .Where(subscription => !Cancellation.IsEnded(subscription));

    /// <summary>A subscription of the customer, ended or not.</summary>
    /// <exception cref="StripeError">404: there is none.</exception>
    public JsonObject Subscription(string id) => Tx.Find(Subscriptions.Type, id) is { } found && found.Text("customer") == Customer.Id()
        ? found : throw PortalRefusals.NoSubscription();

    /// <exception cref="StripeError">404: there is none, or it has ended.</exception>
    public JsonObject LiveSubscription(string id) => Subscription(id) is var found && !Cancellation.IsEnded(found) ? found : throw PortalRefusals.NoSubscription();

    /// <summary>The card to show: the customer's default, else that of the newest live subscription.</summary>
    public JsonObject? Card => DefaultCard ?? LiveSubscriptions.Select(CardOf).FirstOrDefault(card => card is not null);

    private JsonObject? DefaultCard => Find(Customer["invoice_settings"]?["default_payment_method"]?.GetValue<string>());

    /// <summary>The card that pays for a subscription: its own, else the customer's default.</summary>
    public JsonObject? CardOf(JsonObject subscription) => Find(subscription.TextOrNull("default_payment_method")) ?? DefaultCard;

    private JsonObject? Find(string? method) => method is null ? null : Tx.Find(PaymentMethods.Type, method);

    private bool LeadsTo(string feature, string? subscription) =>
        Flow!.Text("type") is var type && (type == feature || (type == "subscription_update_confirm" && feature == Update))
        && (subscription is null || Flow![type]?["subscription"]?.GetValue<string>() == subscription);
}
