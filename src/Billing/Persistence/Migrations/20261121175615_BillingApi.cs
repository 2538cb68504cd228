using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Billing.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class BillingApi : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "balance",
                table: "orgs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "credits_from",
                table: "orgs",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "credits_invoice_id",
                table: "orgs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "credits_per_month",
                table: "orgs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "credits_until",
                table: "orgs",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "debt",
                table: "orgs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "email",
                table: "orgs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "free_month_credits",
                table: "orgs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "free_month_end",
                table: "orgs",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "grant_month_credits",
                table: "orgs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "grant_month_end",
                table: "orgs",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "grant_month_start",
                table: "orgs",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "held",
                table: "orgs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "ledger_length",
                table: "orgs",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "name",
                table: "orgs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "profile_pending",
                table: "orgs",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AlterColumn<string>(
                name: "price_id",
                table: "checkout_sessions",
                type: "text",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "plan",
                table: "checkout_sessions",
                type: "text",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "interval",
                table: "checkout_sessions",
                type: "text",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AddColumn<long>(
                name: "credits",
                table: "checkout_sessions",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "payment_intent_id",
                table: "checkout_sessions",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "credit_entries",
                columns: table => new
                {
                    org_id = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    balance_delta = table.Column<long>(type: "bigint", nullable: false),
                    debt_delta = table.Column<long>(type: "bigint", nullable: false),
                    balance_after = table.Column<long>(type: "bigint", nullable: false),
                    debt_after = table.Column<long>(type: "bigint", nullable: false),
                    source = table.Column<string>(type: "text", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    idempotency_key = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_credit_entries", x => new { x.org_id, x.number });
                    table.CheckConstraint("ck_credit_entries_after", "balance_after >= 0 AND debt_after >= 0");
                    table.CheckConstraint("ck_credit_entries_number", "number > 0");
                    table.ForeignKey(
                        name: "fk_credit_entries_orgs_org_id",
                        column: x => x.org_id,
                        principalTable: "orgs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "credit_grants",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    org_id = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    source_key = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    remaining = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reversed = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    invoice_id = table.Column<string>(type: "text", nullable: true),
                    payment_intent_id = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_credit_grants", x => x.id);
                    table.CheckConstraint("ck_credit_grants_amount", "amount > 0 AND remaining BETWEEN 0 AND amount AND reversed BETWEEN 0 AND amount");
                    table.ForeignKey(
                        name: "fk_credit_grants_orgs_org_id",
                        column: x => x.org_id,
                        principalTable: "orgs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "credit_holds",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    org_id = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    settled = table.Column<long>(type: "bigint", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_credit_holds", x => x.id);
                    table.CheckConstraint("ck_credit_holds_amount", "amount > 0 AND (settled BETWEEN 0 AND amount) IS NOT FALSE AND (state = 'settled') = (settled IS NOT NULL)");
                    table.ForeignKey(
                        name: "fk_credit_holds_orgs_org_id",
                        column: x => x.org_id,
                        principalTable: "orgs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    org_id = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    fingerprint = table.Column<byte[]>(type: "bytea", nullable: false),
                    owner = table.Column<Guid>(type: "uuid", nullable: false),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    status = table.Column<int>(type: "integer", nullable: true),
                    body = table.Column<byte[]>(type: "bytea", nullable: true),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency_keys", x => new { x.org_id, x.key });
                    table.CheckConstraint("ck_idempotency_keys_answer", "(status IS NULL) = (body IS NULL) AND (status IS NULL OR lease_until IS NULL)");
                    table.CheckConstraint("ck_idempotency_keys_fingerprint", "length(fingerprint) = 32");
                    table.CheckConstraint("ck_idempotency_keys_key", "key ~ '^[ -~]{1,255}$'");
                });

            migrationBuilder.CreateTable(
                name: "paid_periods",
                columns: table => new
                {
                    subscription_id = table.Column<string>(type: "text", nullable: false),
                    invoice_id = table.Column<string>(type: "text", nullable: false),
                    price_id = table.Column<string>(type: "text", nullable: false),
                    starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    is_proration = table.Column<bool>(type: "boolean", nullable: false),
                    plan = table.Column<string>(type: "text", nullable: true),
                    is_reversed = table.Column<bool>(type: "boolean", nullable: false),
                    invoice_paid = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_paid_periods", x => new { x.subscription_id, x.invoice_id, x.price_id, x.starts_at, x.ends_at, x.is_proration });
                    table.ForeignKey(
                        name: "fk_paid_periods_subscriptions_subscription_id",
                        column: x => x.subscription_id,
                        principalTable: "subscriptions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "payments",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    org_id = table.Column<string>(type: "text", nullable: true),
                    invoice_id = table.Column<string>(type: "text", nullable: true),
                    paid = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: true),
                    refunded = table.Column<long>(type: "bigint", nullable: false),
                    disputed = table.Column<long>(type: "bigint", nullable: false),
                    re_read_due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    re_read_requests = table.Column<long>(type: "bigint", nullable: false),
                    re_read_attempts = table.Column<int>(type: "integer", nullable: false),
                    re_read_claimed_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_payments", x => x.id);
                    table.ForeignKey(
                        name: "fk_payments_orgs_org_id",
                        column: x => x.org_id,
                        principalTable: "orgs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "credit_movements",
                columns: table => new
                {
                    org_id = table.Column<string>(type: "text", nullable: false),
                    entry_number = table.Column<long>(type: "bigint", nullable: false),
                    grant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    delta = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_credit_movements", x => new { x.org_id, x.entry_number, x.grant_id });
                    table.CheckConstraint("ck_credit_movements_delta", "delta <> 0");
                    table.ForeignKey(
                        name: "fk_credit_movements_credit_entries_org_id_entry_number",
                        columns: x => new { x.org_id, x.entry_number },
                        principalTable: "credit_entries",
                        principalColumns: new[] { "org_id", "number" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_credit_movements_credit_grants_grant_id",
                        column: x => x.grant_id,
                        principalTable: "credit_grants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "reversals",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    payment_id = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reversals", x => x.id);
                    table.CheckConstraint("ck_reversals_amount", "amount >= 0");
                    table.ForeignKey(
                        name: "fk_reversals_payments_payment_id",
                        column: x => x.payment_id,
                        principalTable: "payments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.AddCheckConstraint(
                name: "ck_orgs_credits",
                table: "orgs",
                sql: "held >= 0 AND balance >= held AND debt >= 0 AND (debt = 0 OR balance = held)");

            migrationBuilder.CreateIndex(
                name: "ix_checkout_sessions_payment_intent_id",
                table: "checkout_sessions",
                column: "payment_intent_id",
                filter: "payment_intent_id IS NOT NULL");

            migrationBuilder.AddCheckConstraint(
                name: "ck_checkout_sessions_kind",
                table: "checkout_sessions",
                sql: "CASE kind WHEN 'subscription' THEN num_nonnulls(plan, interval, price_id) = 3 AND credits IS NULL WHEN 'top_up' THEN num_nonnulls(plan, interval, price_id) = 0 AND credits > 0 ELSE false END");

            migrationBuilder.CreateIndex(
                name: "ix_credit_entries_org_id_idempotency_key",
                table: "credit_entries",
                columns: new[] { "org_id", "idempotency_key" },
                unique: true,
                filter: "idempotency_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_credit_entries_org_id_kind_number",
                table: "credit_entries",
                columns: new[] { "org_id", "kind", "number" });

            migrationBuilder.CreateIndex(
                name: "ix_credit_grants_org_id_expires_at",
                table: "credit_grants",
                columns: new[] { "org_id", "expires_at" },
                filter: "remaining > 0");

            migrationBuilder.CreateIndex(
                name: "ix_credit_grants_org_id_source_key",
                table: "credit_grants",
                columns: new[] { "org_id", "source_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_credit_grants_payment_intent_id",
                table: "credit_grants",
                column: "payment_intent_id",
                filter: "payment_intent_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_credit_holds_org_id",
                table: "credit_holds",
                column: "org_id",
                filter: "state = 'active'");

            migrationBuilder.CreateIndex(
                name: "ix_credit_movements_grant_id",
                table: "credit_movements",
                column: "grant_id");

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_expires_at",
                table: "idempotency_keys",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_paid_periods_invoice_id",
                table: "paid_periods",
                column: "invoice_id");

            migrationBuilder.CreateIndex(
                name: "ix_payments_invoice_id",
                table: "payments",
                column: "invoice_id");

            migrationBuilder.CreateIndex(
                name: "ix_payments_org_id",
                table: "payments",
                column: "org_id");

            migrationBuilder.CreateIndex(
                name: "ix_payments_re_read_due_at",
                table: "payments",
                column: "re_read_due_at",
                filter: "re_read_due_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_reversals_payment_id",
                table: "reversals",
                column: "payment_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "credit_holds");

            migrationBuilder.DropTable(
                name: "credit_movements");

            migrationBuilder.DropTable(
                name: "idempotency_keys");

            migrationBuilder.DropTable(
                name: "paid_periods");

            migrationBuilder.DropTable(
                name: "reversals");

            migrationBuilder.DropTable(
                name: "credit_entries");

            migrationBuilder.DropTable(
                name: "credit_grants");

            migrationBuilder.DropTable(
                name: "payments");

            migrationBuilder.DropCheckConstraint(
                name: "ck_orgs_credits",
                table: "orgs");

            migrationBuilder.DropIndex(
                name: "ix_checkout_sessions_payment_intent_id",
                table: "checkout_sessions");

            migrationBuilder.DropCheckConstraint(
                name: "ck_checkout_sessions_kind",
                table: "checkout_sessions");

            migrationBuilder.DropColumn(
                name: "balance",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "credits_from",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "credits_invoice_id",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "credits_per_month",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "credits_until",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "debt",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "email",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "free_month_credits",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "free_month_end",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "grant_month_credits",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "grant_month_end",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "grant_month_start",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "held",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "ledger_length",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "name",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "profile_pending",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "credits",
                table: "checkout_sessions");

            migrationBuilder.DropColumn(
                name: "payment_intent_id",
                table: "checkout_sessions");

            migrationBuilder.AlterColumn<string>(
                name: "price_id",
                table: "checkout_sessions",
                type: "text",
                nullable: false,
                defaultValue: "",
                oldClrType: typeof(string),
                oldType: "text",
                oldNullable: true);

            migrationBuilder.AlterColumn<string>(
                name: "plan",
                table: "checkout_sessions",
                type: "text",
                nullable: false,
                defaultValue: "",
                oldClrType: typeof(string),
                oldType: "text",
                oldNullable: true);

            migrationBuilder.AlterColumn<string>(
                name: "interval",
                table: "checkout_sessions",
                type: "text",
                nullable: false,
                defaultValue: "",
                oldClrType: typeof(string),
                oldType: "text",
                oldNullable: true);
        }
    }
}
