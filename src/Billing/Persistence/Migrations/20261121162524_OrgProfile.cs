using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Billing.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class OrgProfile : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "email",
                table: "orgs",
                type: "text",
                nullable: true);

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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "email",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "name",
                table: "orgs");

            migrationBuilder.DropColumn(
                name: "profile_pending",
                table: "orgs");
        }
    }
}
