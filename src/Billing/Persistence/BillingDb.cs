using Billing.Authentication;
using Billing.Orgs;
using Microsoft.EntityFrameworkCore;

namespace Billing.Persistence;

/// <summary>The database. Constraints here are what the rules of DESIGN section 5 rest on; code only reports their breach.</summary>
internal sealed class BillingDb(DbContextOptions<BillingDb> options) : DbContext(options)
{
    public DbSet<Org> Orgs => Set<Org>();

    public DbSet<Subscription> Subscriptions => Set<Subscription>();

    public DbSet<CheckoutSession> CheckoutSessions => Set<CheckoutSession>();

    public DbSet<StripeEvent> StripeEvents => Set<StripeEvent>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configuration)
    {
        configuration.Conventions.Add(_ => new SnakeCaseNames());
        configuration.Properties<BillingInterval>().HaveConversion<EnumWords<BillingInterval>>();
        configuration.Properties<CheckoutKind>().HaveConversion<EnumWords<CheckoutKind>>();
        configuration.Properties<CheckoutState>().HaveConversion<EnumWords<CheckoutState>>();
        configuration.Properties<EventOutcome>().HaveConversion<EnumWords<EventOutcome>>();
        configuration.Properties<Role>().HaveConversion<EnumWords<Role>>();
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<Org>(org =>
        {
            org.HasIndex(o => o.StripeCustomerId).IsUnique();
            org.Property(o => o.ProfilePending).HasDefaultValue(false);
            org.ToTable(t =>
            {
                t.HasCheckConstraint("ck_orgs_id", $"id ~ '^{OrgId.Pattern}$'");
                t.HasCheckConstraint("ck_orgs_free", "(plan = 'free') = (status IS NULL)");
            });
        });

        model.Entity<Subscription>(subscription =>
        {
            subscription.HasOne<Org>().WithMany().HasForeignKey(s => s.OrgId).OnDelete(DeleteBehavior.Restrict);
            subscription.HasIndex(s => s.OrgId);
            subscription.HasIndex(s => s.ReReadDueAt).HasFilter("re_read_due_at IS NOT NULL");
            subscription.HasIndex(s => s.CurrentPeriodEnd).HasFilter("status NOT IN ('canceled', 'incomplete_expired')");
        });

        model.Entity<CheckoutSession>(session =>
        {
            session.HasOne<Org>().WithMany().HasForeignKey(s => s.OrgId).OnDelete(DeleteBehavior.Restrict);
            session.Property(s => s.Parameters).HasColumnType("json"); // not jsonb, which would reorder the keys
            session.HasIndex(s => s.SessionId).IsUnique();
            session.HasIndex(s => s.OrgId);
            session.HasIndex(s => new { s.OrgId, s.Kind }).IsUnique().HasFilter("state IN ('creating', 'open')")
                .HasDatabaseName("ux_checkout_sessions_live");
            session.ToTable(t =>
            {
                t.HasCheckConstraint("ck_checkout_sessions_amount", "amount >= 0");
                t.HasCheckConstraint("ck_checkout_sessions_session_id", "state IN ('creating', 'abandoned') OR session_id IS NOT NULL");
            });
        });

        model.Entity<StripeEvent>(e =>
        {
            e.HasIndex(x => new { x.OrgId, x.CreatedAt });
            e.HasIndex(x => x.RetryAt).HasFilter("outcome = 'parked'");
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
    }
}
