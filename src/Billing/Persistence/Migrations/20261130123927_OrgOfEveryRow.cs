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
            migrationBuilder.AddColumn<string>(
                name: "org_id",
                table: "reversals",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "org_id",
                table: "paid_periods",
                type: "text",
                nullable: true);

            // Rows that hosts of the version before write from now on have none.
            migrationBuilder.Sql("UPDATE paid_periods p SET org_id = s.org_id FROM subscriptions s WHERE s.id = p.subscription_id");
            migrationBuilder.Sql("UPDATE reversals r SET org_id = p.org_id FROM payments p WHERE p.id = r.payment_id");

            migrationBuilder.CreateIndex(
                name: "ix_reversals_org_id",
                table: "reversals",
                column: "org_id");

            migrationBuilder.CreateIndex(
                name: "ix_paid_periods_org_id",
                table: "paid_periods",
                column: "org_id");

            migrationBuilder.AddForeignKey(
                name: "fk_paid_periods_orgs_org_id",
                table: "paid_periods",
                column: "org_id",
                principalTable: "orgs",
                principalColumn: "id",
                onUpdate: ReferentialAction.Cascade,
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "fk_reversals_orgs_org_id",
                table: "reversals",
                column: "org_id",
                principalTable: "orgs",
                principalColumn: "id",
                onUpdate: ReferentialAction.Cascade,
                onDelete: ReferentialAction.Restrict);
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
    }
}
