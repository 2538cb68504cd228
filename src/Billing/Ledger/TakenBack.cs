using Billing.Persistence;

namespace Billing.Ledger;

/// <summary>What is taken back for one payment as of now, and where it came from: that is where it goes if the money comes back.</summary>
/// <param name="Debt">The part that became debt, whether or not it was paid since.</param>
/// <param name="From">The grants that the rest was taken from.</param>
/// <param name="DebtPayers">The grants that paid any debt of the org's, the last one first.</param>
internal sealed record TakenBack(
    long Debt, IReadOnlyList<(CreditGrant Grant, long Amount)> From, IReadOnlyList<(CreditGrant Grant, long Amount)> DebtPayers)
{
    /// <param name="payment">Whose.</param>
    /// <param name="entries">The reversals, reinstatements and debt payments of the org; others do not matter.</param>
    /// <param name="movements">Of these.</param>
    /// <param name="grants">Those that were moved, by their ids.</param>
    public static TakenBack Of(
        string payment, IReadOnlyCollection<CreditEntry> entries, IReadOnlyCollection<CreditMovement> movements,
        IReadOnlyDictionary<Guid, CreditGrant> grants)
    {
        var own = entries.Where(e => e.Source == payment && e.Kind is CreditEntryKind.Reversal or CreditEntryKind.Reinstatement).ToList();
        var net = Taken(own);
        // More was given back to a grant than was taken from it, if it paid the debt.
        var debt = own.Sum(entry => entry.DebtDelta) + net.Sum(taken => Math.Min(taken.Amount, 0));
        var payments = entries.Where(entry => entry.Kind == CreditEntryKind.DebtPayment).OrderByDescending(entry => entry.Number).ToList();
        return new TakenBack(debt, net.FindAll(taken => taken.Amount > 0), Taken(payments));

        List<(CreditGrant Grant, long Amount)> Taken(List<CreditEntry> of) =>
        [
            .. from entry in of
               join movement in movements on entry.Number equals movement.EntryNumber
               group movement by movement.GrantId into moved
               select (grants[moved.Key], -moved.Sum(movement => movement.Delta)),
        ];
    }
}
