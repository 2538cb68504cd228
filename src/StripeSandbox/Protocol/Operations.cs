using StripeSandbox.Resources;

namespace StripeSandbox.Protocol;

/// <summary>All operations of the emulated API. Each resource declares its own.</summary>
internal sealed class Operations
{
    private readonly List<(string Method, string Path, Operation Run)> _all = [];

    public IReadOnlyList<(string Method, string Path, Operation Run)> All => _all;

    public static Operations Everything()
    {
        var operations = new Operations();
        Customers.Map(operations);
        Products.Map(operations);
        Prices.Map(operations);
        Coupons.Map(operations);
        PromotionCodes.Map(operations);
        CheckoutSessions.Map(operations);
        Subscriptions.Map(operations);
        Invoices.Map(operations);
        InvoicePayments.Map(operations);
        PaymentIntents.Map(operations);
        Charges.Map(operations);
        Refunds.Map(operations);
        Disputes.Map(operations);
        PaymentMethods.Map(operations);
        Events.Map(operations);
        WebhookEndpoints.Map(operations);
        PortalConfigurations.Map(operations);
        PortalSessions.Map(operations);
        return operations;
    }

    public Operations Get(string path, Operation run) => Add("GET", path, run);

    public Operations Post(string path, Operation run) => Add("POST", path, run);

    public Operations Delete(string path, Operation run) => Add("DELETE", path, run);

    private Operations Add(string method, string path, Operation run)
    {
        _all.Add((method, path, run));
        return this;
    }
}
