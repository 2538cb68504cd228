using Billing.Doctor.Checks;

namespace Billing.Doctor;

internal static class DoctorParts
{
    /// <summary>All checks, in the order of their findings.</summary>
    public static void AddDoctor(this IServiceCollection services)
    {
        services.AddSingleton<ICheck, SettingsCheck>();
        services.AddSingleton<ICheck, DatabaseCheck>().AddSingleton<ICheck, DatabaseModeCheck>();
        services.AddSingleton<ICheck, ClockCheck>();
        services.AddSingleton<ICheck, PriceCheck>();
        services.AddSingleton<ICheck, PortalCheck>();
        services.AddSingleton<ICheck, WebhookCheck>();
        services.AddSingleton<Checkup>().AddHostedService<CheckAtStart>();
    }
}
