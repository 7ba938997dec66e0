using System.Text;
using XenDriverDomain.Configuration;
using XenDriverDomain.Configuration.Import;
using XenDriverDomain.Errors;

namespace XenDriverDomain.Tests.Configuration.Conversion;

/// <summary>What a slip of the keyboard makes of a recipe is read, or it is an error of ours; and what is written is fit for xl.</summary>
public class DamagedRecipeTests
{
    private static readonly string[] s_seeds =
    [
        Recipes.PvDriverDomain, Recipes.SxpDriverDomain, Recipes.SxpDevice, Recipes.HvmDriverDomain, Recipes.HvmClient,
        "vif = ['bridge=a', '']\npci = ['01:00.0-3,msitranslate=1', '1,5,0', '01:00.0=1@8']\n"
            + "disk = ['tap:aio:/x,xvda,w,dom,p', 'phy:vg/x,hda:cdrom,r']\n",
        "vfb = ['type=vnc']\nvtpm = ['backend=0']\nnics = 2\nip = '1.2.3.4'\nnfs_root = '/x'\nnfs_server = 's'\ncpus = ['0', '1']\n"
            + "memory = '064'\n",
    ];

    private static readonly string[] s_slips =
    [
        "'", "\"", ",", "=", "@", ":", ".", "(", ")", "[", "]", "\n", " ", "0", "9", "x", "-", "*", "\\", "%", "#", "phy:", "0x", "ü",
        "\t", "\r",
    ];

    [Fact]
    public void A_damaged_recipe_is_read_or_refused_and_never_written_wrongly()
    {
        Random random = new(20);
        int read = 0;
        for (int i = 0; i < 1500; i++)
        {
            string text = Damaged(random, s_seeds[random.Next(s_seeds.Length)]);
            foreach (DomainConfigFormat format in Enum.GetValues<DomainConfigFormat>())
            {
                XenDomainConfig config;
                try
                {
                    config = DomainConfigImporter.Read(text, "f", format);
                }
                catch (XenDriverDomainException)
                {
                    continue;
                }

                read++;
                RequireFit(config, text);
            }
        }

        Assert.True(read > 500, $"{read} were read");
    }

    private static void RequireFit(XenDomainConfig config, string text)
    {
        byte[] written = config.ToXlConfig(leaveOutRefused: true);
        if (config.Format == DomainConfigFormat.Xl)
        {
            Assert.Equal(text, Encoding.UTF8.GetString(written));
            return;
        }

        XenDomainConfig again = DomainConfigImporter.Read(written, "g", DomainConfigFormat.Xl);
        Assert.Equal(config.PciDevice.Select(p => p.Text), again.PciDevice.Select(p => p.Text));
        Assert.DoesNotContain(again.PciDevice, p => p.Spec is null);
        Assert.DoesNotContain(again.Vif, v => v.Spec is null);
        Assert.DoesNotContain(again.Disk, d => d.Spec is null);
        Assert.DoesNotContain(again.Findings, f => f.Id is ErrorIds.SettingIgnored or ErrorIds.NumberOctal);
    }

    private static string Damaged(Random random, string text)
    {
        for (int slips = random.Next(1, 3); slips > 0 && text.Length > 0; slips--)
        {
            int at = random.Next(text.Length);
            text = random.Next(2) == 0
                ? text.Remove(at, Math.Min(random.Next(1, 4), text.Length - at))
                : text.Insert(at, s_slips[random.Next(s_slips.Length)]);
        }

        return text;
    }
}
