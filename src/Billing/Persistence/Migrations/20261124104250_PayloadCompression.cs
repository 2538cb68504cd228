using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Billing.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class PayloadCompression : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // PostgreSQL's own method takes a quarter of the database's time for an event. Rows that are there stay as they are. A server
            // from before version 14, or built without LZ4, goes on as before.
            // It takes no time, but needs the table for itself: rather no migration now than an intake that waits behind it.
            migrationBuilder.Sql(
                """
                SET LOCAL lock_timeout = '10s';
                DO $$ BEGIN
                    EXECUTE 'ALTER TABLE stripe_events ALTER COLUMN payload SET COMPRESSION lz4';
                EXCEPTION WHEN feature_not_supported OR syntax_error THEN
                    RAISE NOTICE 'payloads are compressed with pglz: %', SQLERRM;
                END $$
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DO $$ BEGIN
                    EXECUTE 'ALTER TABLE stripe_events ALTER COLUMN payload SET COMPRESSION default';
                EXCEPTION WHEN syntax_error THEN NULL;
                END $$
                """);
        }
    }
}
