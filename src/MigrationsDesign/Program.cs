using Billing.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

return;

/// <summary>Gives the migration tool the model; the connection string is never used to connect.</summary>
internal sealed class BillingDbFactory : IDesignTimeDbContextFactory<BillingDb>
{
    public BillingDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<BillingDb>().UseNpgsql("Host=localhost;Database=design").Options);
}
