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
                WHERE source = 'plan'
                """);

            migrationBuilder.CreateIndex(
                name: "ix_credit_grants_org_id_month_start",
                table: "credit_grants",
                columns: new[] { "org_id", "month_start" },
                filter: "month_start IS NOT NULL");

            migrationBuilder.AddCheckConstraint(
                name: "ck_credit_grants_month",
                table: "credit_grants",
                sql: "(month_start IS NULL) = (month_level IS NULL) AND (month_level >= amount) IS NOT FALSE");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_credit_grants_org_id_month_start",
                table: "credit_grants");

            migrationBuilder.DropCheckConstraint(
                name: "ck_credit_grants_month",
                table: "credit_grants");

            migrationBuilder.DropColumn(
                name: "month_level",
                table: "credit_grants");

            migrationBuilder.DropColumn(
                name: "month_start",
                table: "credit_grants");
        }
    }
}
