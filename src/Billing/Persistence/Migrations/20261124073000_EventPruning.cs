using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Billing.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class EventPruning : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Whoever has a large table makes it beforehand without locking (docs/migrations.md).
            migrationBuilder.Sql(
                "CREATE INDEX IF NOT EXISTS ix_stripe_events_pruning ON stripe_events (least(octet_length(payload), 1), received_at) "
                + "WHERE outcome <> 'parked'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP INDEX ix_stripe_events_pruning");
        }
    }
}
