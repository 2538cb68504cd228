using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Billing.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class GrantMonths : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_credit_movements_credit_grants_grant_id",
                table: "credit_movements");

            migrationBuilder.DropIndex(
                name: "ix_credit_movements_grant_id",
                table: "credit_movements");

            migrationBuilder.DropCheckConstraint(
                name: "ck_credit_grants_amount",
                table: "credit_grants");

            migrationBuilder.DropCheckConstraint(
                name: "ck_credit_entries_after",
                table: "credit_entries");

            migrationBuilder.AddColumn<long>(
                name: "credits_upgrade",
                table: "orgs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "credits_upgrade_invoice_id",
                table: "orgs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "expired",
                table: "credit_grants",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "month_level",
                table: "credit_grants",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "month_start",
                table: "credit_grants",
                type: "timestamp with time zone",
                nullable: true);

            // Keys named the month before there were columns for it: plan:{first second}:{level}.
            migrationBuilder.Sql(
                """
                UPDATE credit_grants
                SET month_start = to_timestamp(split_part(source_key, ':', 2)::bigint), month_level = split_part(source_key, ':', 3)::bigint
                WHERE source = 'plan';
                UPDATE credit_grants SET expired = gone.credits
                FROM (
                    SELECT movement.grant_id, -sum(movement.delta) AS credits
                    FROM credit_movements movement
                    JOIN credit_entries entry ON (entry.org_id, entry.number) = (movement.org_id, movement.entry_number)
                    WHERE entry.kind = 'expiry' GROUP BY movement.grant_id) gone
                WHERE id = gone.grant_id;
                """);

            migrationBuilder.AddUniqueConstraint(
                name: "ak_credit_grants_org_id_id",
                table: "credit_grants",
                columns: new[] { "org_id", "id" });

            migrationBuilder.AddCheckConstraint(
                name: "ck_payments_amounts",
                table: "payments",
                sql: "paid >= 0 AND refunded >= 0 AND disputed >= 0");

            migrationBuilder.AddCheckConstraint(
                name: "ck_orgs_months",
                table: "orgs",
                sql: "grant_month_credits >= 0 AND free_month_credits >= 0 AND credits_upgrade BETWEEN 0 AND credits_per_month AND num_nulls(grant_month_start, grant_month_end) IN (0, 2) AND (grant_month_start < grant_month_end) IS NOT FALSE AND (credits_per_month = 0) = (credits_from IS NULL) AND (credits_per_month = 0) = (credits_until IS NULL)");

            migrationBuilder.CreateIndex(
                name: "ix_credit_movements_org_id_grant_id",
                table: "credit_movements",
                columns: new[] { "org_id", "grant_id" });

            migrationBuilder.CreateIndex(
                name: "ix_credit_grants_org_id_month_start",
                table: "credit_grants",
                columns: new[] { "org_id", "month_start" },
                filter: "month_start IS NOT NULL");

            migrationBuilder.AddCheckConstraint(
                name: "ck_credit_grants_amount",
                table: "credit_grants",
                sql: "amount > 0 AND remaining >= 0 AND expired >= 0 AND remaining + expired <= amount AND reversed BETWEEN 0 AND amount");

            migrationBuilder.AddCheckConstraint(
                name: "ck_credit_grants_expires_at",
                table: "credit_grants",
                sql: "(source = 'top_up') = (expires_at IS NULL)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_credit_grants_month",
                table: "credit_grants",
                sql: "(month_start IS NULL) = (month_level IS NULL) AND (month_level >= amount) IS NOT FALSE");

            migrationBuilder.AddCheckConstraint(
                name: "ck_credit_entries_after",
                table: "credit_entries",
                sql: "balance_after >= greatest(balance_delta, 0) AND debt_after >= greatest(debt_delta, 0)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_credit_entries_deltas",
                table: "credit_entries",
                sql: "CASE kind WHEN 'grant' THEN balance_delta > 0 AND debt_delta = 0 WHEN 'debt_payment' THEN balance_delta < 0 AND debt_delta = balance_delta WHEN 'reversal' THEN balance_delta <= 0 AND debt_delta >= 0 AND balance_delta < debt_delta WHEN 'reinstatement' THEN balance_delta >= 0 AND debt_delta <= 0 AND balance_delta > debt_delta ELSE balance_delta < 0 AND debt_delta = 0 END");

            migrationBuilder.AddForeignKey(
                name: "fk_credit_movements_credit_grants_org_id_grant_id",
                table: "credit_movements",
                columns: new[] { "org_id", "grant_id" },
                principalTable: "credit_grants",
                principalColumns: new[] { "org_id", "id" },
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_credit_movements_credit_grants_org_id_grant_id",
                table: "credit_movements");

            migrationBuilder.DropCheckConstraint(
                name: "ck_payments_amounts",
                table: "payments");

            migrationBuilder.DropCheckConstraint(
                name: "ck_orgs_months",
                table: "orgs");

            migrationBuilder.DropIndex(
                name: "ix_credit_movements_org_id_grant_id",
                table: "credit_movements");

            migrationBuilder.DropUniqueConstraint(
                name: "ak_credit_grants_org_id_id",
                table: "credit_grants");

            migrationBuilder.DropIndex(
                name: "ix_credit_grants_org_id_month_start",
                table: "credit_grants");

            migrationBuilder.DropCheckConstraint(
                name: "ck_credit_grants_amount",
                table: "credit_grants");

            migrationBuilder.DropCheckConstraint(
                name: "ck_credit_grants_expires_at",
                table: "credit_grants");

            migrationBuilder.DropCheckConstraint(
                name: "ck_credit_grants_month",
                table: "credit_grants");

            migrationBuilder.DropCheckConstraint(
                name: "ck_credit_entries_after",
                table: "credit_entries");

            migrationBuilder.DropCheckConstraint(
                name: "ck_credit_entries_deltas",
                table: "credit_entries");

            migrationBuilder.DropColumn(
                name: "credits_upgrade",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "credits_upgrade_invoice_id",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "expired",
                table: "credit_grants");

            migrationBuilder.DropColumn(
                name: "month_level",
                table: "credit_grants");

            migrationBuilder.DropColumn(
                name: "month_start",
                table: "credit_grants");

            migrationBuilder.CreateIndex(
                name: "ix_credit_movements_grant_id",
                table: "credit_movements",
                column: "grant_id");

            migrationBuilder.AddCheckConstraint(
                name: "ck_credit_grants_amount",
                table: "credit_grants",
                sql: "amount > 0 AND remaining BETWEEN 0 AND amount AND reversed BETWEEN 0 AND amount");

            migrationBuilder.AddCheckConstraint(
                name: "ck_credit_entries_after",
                table: "credit_entries",
                sql: "balance_after >= 0 AND debt_after >= 0");

            migrationBuilder.AddForeignKey(
                name: "fk_credit_movements_credit_grants_grant_id",
                table: "credit_movements",
                column: "grant_id",
                principalTable: "credit_grants",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);
        }
    }
}
