using Billing.Persistence;

namespace Billing.Ledger;

/// <summary>What is taken back of an org as of now, by grant: that is where it goes if the money comes back.</summary>
/// <param name="ByPayment">For the payment in question.</param>
/// <param name="ByAny">For any payment, with what paid the debts of such: one payment's debt is paid by another's return, too.</param>
internal sealed record TakenBack(IReadOnlyList<(CreditGrant Grant, long Amount)> ByPayment, IReadOnlyList<(CreditGrant Grant, long Amount)> ByAny)
{
    /// <param name="payment">The payment in question.</param>
    /// <param name="entries">The reversals, reinstatements and debt payments of the org; others do not matter.</param>
    /// <param name="movements">Of these.</param>
    /// <param name="grants">Those that were moved, by their ids.</param>
    public static TakenBack Of(
        string payment, IReadOnlyCollection<CreditEntry> entries, IReadOnlyCollection<CreditMovement> movements,
        IReadOnlyDictionary<Guid, CreditGrant> grants)
    {
        var ofAny = entries.Where(e => e.Kind is CreditEntryKind.Reversal or CreditEntryKind.Reinstatement or CreditEntryKind.DebtPayment).ToList();
        return new TakenBack(Net(ofAny.Where(entry => entry.Source == payment)), Net(ofAny));

        List<(CreditGrant Grant, long Amount)> Net(IEnumerable<CreditEntry> of) =>
        [
            .. from entry in of
               join movement in movements on entry.Number equals movement.EntryNumber
               group movement by movement.GrantId into moved
               let taken = -moved.Sum(movement => movement.Delta)
               where taken > 0
               select (grants[moved.Key], taken),
        ];
    }
}
