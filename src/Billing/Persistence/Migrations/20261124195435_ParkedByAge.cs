using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Billing.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class ParkedByAge : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Whoever has a large table makes it beforehand without locking (docs/migrations.md).
            migrationBuilder.Sql(
                "CREATE INDEX IF NOT EXISTS ix_stripe_events_received_at ON stripe_events (received_at) WHERE outcome = 'parked'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_stripe_events_received_at",
                table: "stripe_events");
        }
    }
}
