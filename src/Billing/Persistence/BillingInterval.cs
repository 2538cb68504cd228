namespace Billing.Persistence;

internal enum BillingInterval
{
    Monthly,
    Annual,
}
