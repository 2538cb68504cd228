using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Billing.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class HoldsOfOrg : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Of all holds and not only the active ones: the probe of a ledger adds up those that have ended, too. Whoever has a large table makes
            // it beforehand without locking (docs/migrations.md). Not in one transaction: dropping the other one would wait for whoever reads holds and
            // waits for this one's lock to write them.
            migrationBuilder.Sql("CREATE INDEX IF NOT EXISTS ix_credit_holds_org_id_state ON credit_holds (org_id, state)", suppressTransaction: true);
            migrationBuilder.Sql("DROP INDEX IF EXISTS ix_credit_holds_org_id", suppressTransaction: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_credit_holds_org_id_state",
                table: "credit_holds");

            migrationBuilder.CreateIndex(
                name: "ix_credit_holds_org_id",
                table: "credit_holds",
                column: "org_id",
                filter: "state = 'active'");
        }
    }
}
