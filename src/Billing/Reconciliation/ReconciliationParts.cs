namespace Billing.Reconciliation;

internal static class ReconciliationParts
{
    /// <summary>The reconciler, with what it compares in this order: events first, as they repair most of what else would differ.</summary>
    public static void AddReconciliation(this IServiceCollection services)
    {
        services.AddSingleton<IComparison, UndeliveredEvents>().AddSingleton<IComparison, MissingEvents>();
        services.AddSingleton<EventComparison>().AddSingleton<EventOwners>();
        services.AddSingleton<IComparison, ListedSubscriptions>().AddSingleton<IComparison, UnlistedSubscriptions>();
        services.AddSingleton<SubscriptionReads>().AddSingleton<SubscriptionDrift>().AddSingleton<SubscriptionComparison>().AddSingleton<SubscriptionRepair>();
        services.AddSingleton<IComparison, PaidSessions>().AddSingleton<SessionRepair>();
        services.AddSingleton<IComparison, ListedRefunds>().AddSingleton<IComparison, ListedDisputes>().AddSingleton<IComparison, PaymentsOfOrg>();
        services.AddSingleton<ReversalComparison>().AddSingleton<ReversalRepair>();
        services.AddSingleton<IComparison, OrgStandings>().AddSingleton<StandingDrift>().AddSingleton<StandingRepair>();
        services.AddSingleton<IComparison, ListedCustomers>().AddSingleton<IComparison, UnlistedCustomers>().AddSingleton<CustomerComparison>();
        services.AddSingleton<IComparison, TwoLiveSubscriptions>();
        services.AddSingleton<AuditTrail>().AddSingleton<ReconciliationRuns>().AddSingleton<Reconciler>();
    }
}
