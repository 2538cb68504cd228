using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Billing.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Operations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "activities",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    org_id = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    detail = table.Column<string>(type: "text", nullable: false),
                    happened_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_activities", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_activities_happened_at",
                table: "activities",
                column: "happened_at");

            migrationBuilder.CreateIndex(
                name: "ix_activities_org_id_happened_at",
                table: "activities",
                columns: new[] { "org_id", "happened_at" });

            // An org that is erased gets another id, and its ledger, which hosts may not change, goes over to it. Each row's key is
            // looked up once more: some seconds for ten million, while which nothing is written.
            migrationBuilder.Sql(ForeignKeys(update: "CASCADE", before: "a"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "activities");
            migrationBuilder.Sql(ForeignKeys(update: "NO ACTION", before: "c"));
        }

        /// <summary>Makes the foreign keys that an org's id is part of anew; the model cannot say what they do when it changes.</summary>
        private static string ForeignKeys(string update, string before) =>
            $"""
            DO $$
            DECLARE key record;
            BEGIN
                FOR key IN
                    SELECT conrelid::regclass AS of, conname AS name, regexp_replace(pg_get_constraintdef(oid), ' ON UPDATE [A-Z]+', '') AS definition
                    FROM pg_constraint
                    WHERE contype = 'f' AND confupdtype = '{before}'
                      AND confrelid IN ('orgs'::regclass, 'credit_entries'::regclass, 'credit_grants'::regclass)
                LOOP
                    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key.of, key.name);
                    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s ON UPDATE {update} NOT VALID', key.of, key.name, key.definition);
                    EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', key.of, key.name);
                END LOOP;
            END $$
            """;
    }
}
