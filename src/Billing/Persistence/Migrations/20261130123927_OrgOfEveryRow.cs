using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Billing.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class OrgOfEveryRow : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Each step commits by itself and may be repeated: a lock on a whole table is never held for longer than its step takes, and none is
            // waited for while another one is held. Rows are filled in before their keys exist, whose checks would lock the orgs.
            Step(migrationBuilder, "ALTER TABLE paid_periods ADD COLUMN IF NOT EXISTS org_id text");
            Step(migrationBuilder, "ALTER TABLE reversals ADD COLUMN IF NOT EXISTS org_id text");
            Step(migrationBuilder, "UPDATE paid_periods p SET org_id = s.org_id FROM subscriptions s WHERE s.id = p.subscription_id AND p.org_id IS NULL");
            Step(migrationBuilder, "UPDATE reversals r SET org_id = p.org_id FROM payments p WHERE p.id = r.payment_id AND r.org_id IS NULL");
            Step(migrationBuilder, "CREATE INDEX IF NOT EXISTS ix_paid_periods_org_id ON paid_periods (org_id)");
            Step(migrationBuilder, "CREATE INDEX IF NOT EXISTS ix_reversals_org_id ON reversals (org_id)");
            foreach (var table in new[] { "paid_periods", "reversals" })
            {
                Step(migrationBuilder, $"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS fk_{table}_orgs_org_id");
                Step(
                    migrationBuilder,
                    $"""
                    ALTER TABLE {table} ADD CONSTRAINT fk_{table}_orgs_org_id
                    FOREIGN KEY (org_id) REFERENCES orgs (id) ON UPDATE CASCADE ON DELETE RESTRICT NOT VALID
                    """);
                Step(migrationBuilder, $"ALTER TABLE {table} VALIDATE CONSTRAINT fk_{table}_orgs_org_id");
            }
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_paid_periods_orgs_org_id",
                table: "paid_periods");

            migrationBuilder.DropForeignKey(
                name: "fk_reversals_orgs_org_id",
                table: "reversals");

            migrationBuilder.DropIndex(
                name: "ix_reversals_org_id",
                table: "reversals");

            migrationBuilder.DropIndex(
                name: "ix_paid_periods_org_id",
                table: "paid_periods");

            migrationBuilder.DropColumn(
                name: "org_id",
                table: "reversals");

            migrationBuilder.DropColumn(
                name: "org_id",
                table: "paid_periods");
        }

        private static void Step(MigrationBuilder migrationBuilder, string sql) => migrationBuilder.Sql(sql, suppressTransaction: true);
    }
}
