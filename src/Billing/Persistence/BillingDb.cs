using Billing.Authentication;
using Billing.Orgs;
using Microsoft.EntityFrameworkCore;

namespace Billing.Persistence;

/// <summary>The database. Constraints here are what the rules of DESIGN section 5 rest on; code only reports their breach.</summary>
internal sealed class BillingDb : DbContext
{
    public BillingDb(DbContextOptions<BillingDb> options) : base(options)
    {
        // A failed save ends its transaction: nobody goes on after one, so the two round trips for a savepoint would buy nothing.
        Database.AutoSavepointsEnabled = false;
    }

    /// <summary>Told when the context is given back; null: nobody counts it.</summary>
    internal SemaphoreSlim? LentFrom { get; set; }

    public DbSet<Org> Orgs => Set<Org>();

    public DbSet<Subscription> Subscriptions => Set<Subscription>();

    public DbSet<PaidPeriod> PaidPeriods => Set<PaidPeriod>();

    public DbSet<CheckoutSession> CheckoutSessions => Set<CheckoutSession>();

    public DbSet<CreditGrant> CreditGrants => Set<CreditGrant>();

    public DbSet<CreditEntry> CreditEntries => Set<CreditEntry>();

    public DbSet<CreditMovement> CreditMovements => Set<CreditMovement>();

    public DbSet<CreditHold> CreditHolds => Set<CreditHold>();

    public DbSet<IdempotencyKey> IdempotencyKeys => Set<IdempotencyKey>();

    public DbSet<Payment> Payments => Set<Payment>();

    public DbSet<Reversal> Reversals => Set<Reversal>();

    public DbSet<StripeEvent> StripeEvents => Set<StripeEvent>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<ReconciliationRun> Reconciliations => Set<ReconciliationRun>();

    public DbSet<Sighting> Sightings => Set<Sighting>();

    public DbSet<AuditEntry> Audit => Set<AuditEntry>();

    public DbSet<ActivityEntry> Activities => Set<ActivityEntry>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configuration)
    {
        configuration.Conventions.Add(_ => new SnakeCaseNames());
        configuration.Properties<ActivityEntryKind>().HaveConversion<EnumWords<ActivityEntryKind>>();
        configuration.Properties<BillingInterval>().HaveConversion<EnumWords<BillingInterval>>();
        configuration.Properties<CheckoutKind>().HaveConversion<EnumWords<CheckoutKind>>();
        configuration.Properties<CreditEntryKind>().HaveConversion<EnumWords<CreditEntryKind>>();
        configuration.Properties<CreditSource>().HaveConversion<EnumWords<CreditSource>>();
        configuration.Properties<CheckoutState>().HaveConversion<EnumWords<CheckoutState>>();
        configuration.Properties<HoldState>().HaveConversion<EnumWords<HoldState>>();
        configuration.Properties<EventOutcome>().HaveConversion<EnumWords<EventOutcome>>();
        configuration.Properties<ReversalKind>().HaveConversion<EnumWords<ReversalKind>>();
        configuration.Properties<Role>().HaveConversion<EnumWords<Role>>();
    }

    public override void Dispose()
    {
        var lentFrom = TakeLender(); // before somebody else may have the context
        base.Dispose();
        lentFrom?.Release();
    }

    public override async ValueTask DisposeAsync()
    {
        var lentFrom = TakeLender();
        await base.DisposeAsync();
        lentFrom?.Release();
    }

    private SemaphoreSlim? TakeLender()
    {
        var lentFrom = LentFrom;
        LentFrom = null;
        return lentFrom;
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<Org>(org =>
        {
            org.HasIndex(o => o.StripeCustomerId).IsUnique();
            // Defaults, so that a host of the version before can go on making orgs (DESIGN rule 10).
            org.Property(o => o.Balance).HasDefaultValue(0L);
            org.Property(o => o.Held).HasDefaultValue(0L);
            org.Property(o => o.Debt).HasDefaultValue(0L);
            org.Property(o => o.LedgerLength).HasDefaultValue(0L);
            org.Property(o => o.GrantMonthCredits).HasDefaultValue(0L);
            org.Property(o => o.CreditsPerMonth).HasDefaultValue(0L);
            org.Property(o => o.FreeMonthCredits).HasDefaultValue(0L);
            org.Property(o => o.CreditsUpgrade).HasDefaultValue(0L);
            org.Ignore(o => o.Paid);
            org.Property(o => o.ProfilePending).HasDefaultValue(false);
            org.ToTable(t =>
            {
                t.HasCheckConstraint("ck_orgs_id", $"id ~ '^{OrgId.Pattern}$'");
                t.HasCheckConstraint("ck_orgs_free", "(plan = 'free') = (status IS NULL)");
                t.HasCheckConstraint("ck_orgs_credits", "held >= 0 AND balance >= held AND debt >= 0 AND (debt = 0 OR balance = held)");
                t.HasCheckConstraint(
                    "ck_orgs_months",
                    "grant_month_credits >= 0 AND free_month_credits >= 0 AND credits_upgrade BETWEEN 0 AND credits_per_month"
                    + " AND num_nulls(grant_month_start, grant_month_end) IN (0, 2) AND (grant_month_start < grant_month_end) IS NOT FALSE"
                    + " AND (credits_per_month = 0) = (credits_from IS NULL) AND (credits_per_month = 0) = (credits_until IS NULL)");
            });
        });

        model.Entity<Subscription>(subscription =>
        {
            subscription.HasOne<Org>().WithMany().HasForeignKey(s => s.OrgId).OnDelete(DeleteBehavior.Restrict);
            subscription.HasIndex(s => s.OrgId);
            subscription.HasIndex(s => s.ReReadDueAt).HasFilter("re_read_due_at IS NOT NULL");
            subscription.HasIndex(s => s.CurrentPeriodEnd).HasFilter("status NOT IN ('canceled', 'incomplete_expired')");
        });

        model.Entity<PaidPeriod>(period =>
        {
            period.HasKey(p => new { p.SubscriptionId, p.InvoiceId, p.PriceId, p.StartsAt, p.EndsAt, p.IsProration });
            period.HasOne<Subscription>().WithMany(s => s.PaidPeriods).HasForeignKey(p => p.SubscriptionId).OnDelete(DeleteBehavior.Restrict);
            period.HasOne<Org>().WithMany().HasForeignKey(p => p.OrgId).OnDelete(DeleteBehavior.Restrict);
            period.HasIndex(p => p.InvoiceId);
        });

        model.Entity<CheckoutSession>(session =>
        {
            session.HasOne<Org>().WithMany().HasForeignKey(s => s.OrgId).OnDelete(DeleteBehavior.Restrict);
            session.Property(s => s.Parameters).HasColumnType("json"); // not jsonb, which would reorder the keys
            session.HasIndex(s => s.SessionId).IsUnique();
            session.HasIndex(s => s.OrgId);
            session.HasIndex(s => s.PaymentIntentId).HasFilter("payment_intent_id IS NOT NULL");
            session.HasIndex(s => new { s.OrgId, s.Kind }).IsUnique().HasFilter("state IN ('creating', 'open')")
                .HasDatabaseName("ux_checkout_sessions_live");
            session.ToTable(t =>
            {
                t.HasCheckConstraint("ck_checkout_sessions_amount", "amount >= 0");
                t.HasCheckConstraint(
                    "ck_checkout_sessions_kind",
                    "CASE kind WHEN 'subscription' THEN num_nonnulls(plan, interval, price_id) = 3 AND credits IS NULL"
                    + " WHEN 'top_up' THEN num_nonnulls(plan, interval, price_id) = 0 AND credits > 0 ELSE false END");
                t.HasCheckConstraint("ck_checkout_sessions_session_id", "state IN ('creating', 'abandoned') OR session_id IS NOT NULL");
            });
        });

        model.Entity<CreditGrant>(grant =>
        {
            grant.HasOne<Org>().WithMany().HasForeignKey(g => g.OrgId).OnDelete(DeleteBehavior.Restrict);
            grant.HasIndex(g => new { g.OrgId, g.SourceKey }).IsUnique();
            grant.HasIndex(g => new { g.OrgId, g.ExpiresAt }).HasFilter("remaining > 0");
            grant.ToTable(t =>
            {
                t.HasCheckConstraint("ck_credit_grants_amount", "amount > 0 AND remaining >= 0 AND expired >= 0 AND remaining + expired <= amount AND reversed BETWEEN 0 AND amount");
                t.HasCheckConstraint("ck_credit_grants_expires_at", "(source = 'top_up') = (expires_at IS NULL)");
                t.HasCheckConstraint("ck_credit_grants_month", "(month_start IS NULL) = (month_level IS NULL) AND (month_level >= amount) IS NOT FALSE");
            });
            grant.HasIndex(g => g.PaymentIntentId).HasFilter("payment_intent_id IS NOT NULL");
            grant.HasIndex(g => new { g.OrgId, g.MonthStart }).HasFilter("month_start IS NOT NULL");
            grant.Property(g => g.Reversed).HasDefaultValue(0L);
            grant.Property(g => g.Expired).HasDefaultValue(0L);
        });

        model.Entity<CreditEntry>(entry =>
        {
            entry.HasKey(e => new { e.OrgId, e.Number });
            entry.HasOne<Org>().WithMany().HasForeignKey(e => e.OrgId).OnDelete(DeleteBehavior.Restrict);
            entry.HasIndex(e => new { e.OrgId, e.Kind, e.Number });
            entry.HasIndex(e => new { e.OrgId, e.IdempotencyKey }).IsUnique().HasFilter("idempotency_key IS NOT NULL");
            entry.ToTable(t =>
            {
                t.HasCheckConstraint("ck_credit_entries_number", "number > 0");
                t.HasCheckConstraint("ck_credit_entries_after", "balance_after >= greatest(balance_delta, 0) AND debt_after >= greatest(debt_delta, 0)");
                t.HasCheckConstraint(
                    "ck_credit_entries_deltas",
                    "CASE kind WHEN 'grant' THEN balance_delta > 0 AND debt_delta = 0"
                    + " WHEN 'debt_payment' THEN balance_delta < 0 AND debt_delta = balance_delta"
                    + " WHEN 'reversal' THEN balance_delta <= 0 AND debt_delta >= 0 AND balance_delta < debt_delta"
                    + " WHEN 'reinstatement' THEN balance_delta >= 0 AND debt_delta <= 0 AND balance_delta > debt_delta"
                    + " ELSE balance_delta < 0 AND debt_delta = 0 END");
            });
        });

        model.Entity<CreditMovement>(movement =>
        {
            movement.HasKey(m => new { m.OrgId, m.EntryNumber, m.GrantId });
            movement.HasOne<CreditEntry>().WithMany().HasForeignKey(m => new { m.OrgId, m.EntryNumber }).OnDelete(DeleteBehavior.Restrict);
            // With the org, so that no entry moves credits of another one.
            movement.HasOne<CreditGrant>().WithMany().HasForeignKey(m => new { m.OrgId, m.GrantId }).HasPrincipalKey(g => new { g.OrgId, g.Id })
                .OnDelete(DeleteBehavior.Restrict);
            movement.ToTable(t => t.HasCheckConstraint("ck_credit_movements_delta", "delta <> 0"));
        });

        model.Entity<CreditHold>(hold =>
        {
            hold.HasOne<Org>().WithMany().HasForeignKey(h => h.OrgId).OnDelete(DeleteBehavior.Restrict);
            hold.HasIndex(h => new { h.OrgId, h.State });
            hold.ToTable(t => t.HasCheckConstraint(
                "ck_credit_holds_amount", "amount > 0 AND (settled BETWEEN 0 AND amount) IS NOT FALSE AND (state = 'settled') = (settled IS NOT NULL)"));
        });

        model.Entity<IdempotencyKey>(key =>
        {
            // No foreign key: its check locks the org's row a little, and two calls that then lock it fully would deadlock.
            key.HasKey(k => new { k.OrgId, k.Key });
            key.HasIndex(k => k.ExpiresAt);
            key.ToTable(t =>
            {
                t.HasCheckConstraint("ck_idempotency_keys_key", "key ~ '^[ -~]{1,255}$'");
                t.HasCheckConstraint("ck_idempotency_keys_fingerprint", "length(fingerprint) = 32");
                t.HasCheckConstraint("ck_idempotency_keys_answer", "(status IS NULL) = (body IS NULL) AND (status IS NULL OR lease_until IS NULL)");
            });
        });

        model.Entity<Payment>(payment =>
        {
            payment.HasOne<Org>().WithMany().HasForeignKey(p => p.OrgId).OnDelete(DeleteBehavior.Restrict);
            payment.HasIndex(p => p.InvoiceId);
            payment.HasIndex(p => p.ReReadDueAt).HasFilter("re_read_due_at IS NOT NULL");
            payment.ToTable(t => t.HasCheckConstraint("ck_payments_amounts", "paid >= 0 AND refunded >= 0 AND disputed >= 0"));
        });

        model.Entity<Reversal>(reversal =>
        {
            reversal.HasOne<Payment>().WithMany().HasForeignKey(r => r.PaymentId).OnDelete(DeleteBehavior.Restrict);
            reversal.HasOne<Org>().WithMany().HasForeignKey(r => r.OrgId).OnDelete(DeleteBehavior.Restrict);
            reversal.HasIndex(r => r.PaymentId);
            reversal.ToTable(t => t.HasCheckConstraint("ck_reversals_amount", "amount >= 0"));
        });

        model.Entity<StripeEvent>(e =>
        {
            e.HasIndex(x => new { x.OrgId, x.CreatedAt });
            e.HasIndex(x => x.RetryAt).HasFilter("outcome = 'parked'");
            e.HasIndex(x => x.ReceivedAt).HasFilter("outcome = 'parked'");
            // And ix_stripe_events_pruning, on an expression, which a model cannot say: its migration makes it.
        });

        model.Entity<ApiKey>(key =>
        {
            key.HasOne<Org>().WithMany().HasForeignKey(k => k.OrgId).OnDelete(DeleteBehavior.Restrict);
            key.HasIndex(k => k.Hash).IsUnique();
            key.ToTable(t =>
            {
                t.HasCheckConstraint("ck_api_keys_hash", "length(hash) = 32");
                t.HasCheckConstraint("ck_api_keys_org", "(org_id IS NULL) = (role IN ('service', 'operator'))");
            });
        });

        model.Entity<ReconciliationRun>(run =>
        {
            run.HasIndex(r => new { r.Actor, r.Scope, r.Repair }).IsUnique().HasFilter("finished_at IS NULL")
                .HasDatabaseName("ux_reconciliations_unfinished");
            run.HasIndex(r => new { r.Actor, r.StartedAt });
        });

        model.Entity<ActivityEntry>(activity =>
        {
            activity.HasIndex(a => new { a.OrgId, a.HappenedAt });
            activity.HasIndex(a => a.HappenedAt);
        });

        model.Entity<AuditEntry>(entry =>
        {
            entry.Property(e => e.Before).HasColumnType("json");
            entry.Property(e => e.After).HasColumnType("json");
            entry.HasIndex(e => new { e.OrgId, e.CreatedAt });
            // Written before the event is received, which has a transaction of its own: a repetition writes no second one.
            entry.HasIndex(e => e.Subject).IsUnique().HasFilter("action = 'receive_event'").HasDatabaseName("ux_audit_received_event");
        });
    }
}
