using System.Globalization;
using System.Text;
using XenDriverDomain.Assignment.AtBoot;
using XenDriverDomain.Boot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Errors;
using XenDriverDomain.Hide;
using XenDriverDomain.Pci;

namespace XenDriverDomain.Tests.Assignment.AtBoot;

/// <summary>
/// Boot files that nobody would write, made of those that people do: whatever is in them, reading them ends, a change is refused or puts in
/// what was asked for and nothing else, and what was put in is seen.
/// </summary>
public class MutationTests
{
    private const int Rounds = 400;
    private const string Pieces = "\"'\\$`#;&|(){}[]=-*.,:\n\r\t ";
    private static readonly PciAddress[] s_addresses = [PciAddress.Parse("0003:07:1d.5")];
    private static readonly HashSet<string> s_names =
        ["/boot/grub/grub.cfg", "/usr/sbin/update-grub", "/sys/module/xen_pciback", "/sys/firmware/efi"];

    private static readonly string[] s_words =
    [
        "xen-pciback.hide=(01:00.0)", "xen_pciback.hide=\"(01:00.0) (02:*.*)\"", "(0000:82.0.0)", "--", "---", "GRUB_CMDLINE_LINUX=",
        "$GRUB_CMDLINE_LINUX",
        "title x\n", "module /vmlinuz ", "kernel /xen.gz ", "append xen.gz --- vmlinuz --- initrd\n", "if true; then\n", "fi\n", "\\\n",
        "# kopt=", "[global]\ndefault=x\n",
    ];

    [Theory]
    [InlineData("grub2-debian-xen-replace")]
    [InlineData("grub2-fedora")]
    [InlineData("grub-legacy-debian")]
    [InlineData("grub-legacy-redhat")]
    [InlineData("xen-efi")]
    [InlineData("systemd-boot")]
    [InlineData("extlinux-alpine")]
    public void A_change_is_refused_or_does_what_was_asked_and_nothing_else(string name)
    {
        Dictionary<string, string> original = Files(name);
        int changed = 0;
        for (int round = 0; round < Rounds; round++)
        {
            Random random = new((round * 100) + name.Length);
            Dictionary<string, string> files = original.ToDictionary(file => file.Key, file => Mutate(file.Value, random));
            string context = string.Create(CultureInfo.InvariantCulture, $"round {round}");
            BootSituation situation = Look(files);
            BootConfiguration configuration;
            try
            {
                configuration = situation.Choose("dom0", new AtBootOptions());
            }
            catch (XenDriverDomainException e) when (e.ErrorId is ErrorIds.BootLoaderNotFound
                or ErrorIds.BootLoaderAmbiguous or ErrorIds.BootConfigNotEditable)
            {
                continue;
            }

            BootEdits edits = new(files);
            edits.Edit(configuration, line => HideEdit.Add(line, configuration.Parameter, s_addresses));
            Assert.NotEmpty(edits.All);
            foreach ((string path, string? before, string after) in edits.All)
            {
                Assert.True(IsInserted(before!, after), $"{context}: {path} lost something");
                files[path] = after;
            }

            BootConfiguration again = Look(files).Choose(
                "dom0", new AtBootOptions { BootLoader = configuration.Loader, BootConfigPath = configuration.Path });
            Assert.All(again.Lines, line => Assert.Contains(
                HideElement.For(s_addresses[0]),
                HideList.Parse(HideWord.Find(line.Text, HideParameter.Name)?.Value ?? string.Empty).Elements));
            changed++;
        }

        Assert.True(changed > Rounds / 20, $"only {changed} of {Rounds} could be changed");
    }

    // Whether one text is the other with more put in.
    private static bool IsInserted(string before, string after)
    {
        int at = 0;
        foreach (char c in before)
        {
            at = after.IndexOf(c, at) + 1;
            if (at == 0)
            {
                return false;
            }
        }

        return after.Length > before.Length;
    }

    private static string Mutate(string text, Random random)
    {
        StringBuilder mutated = new(text);
        for (int i = random.Next(4); i > 0 && mutated.Length > 0; i--)
        {
            int at = random.Next(mutated.Length);
            switch (random.Next(4))
            {
                case 0:
                    mutated.Remove(at, Math.Min(random.Next(1, 12), mutated.Length - at));
                    break;
                case 1:
                    mutated.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 2:
                    mutated.Insert(at, s_words[random.Next(s_words.Length)]);
                    break;
                default:
                    mutated[at] = Pieces[random.Next(Pieces.Length)];
                    break;
            }
        }

        return mutated.ToString();
    }

    private static BootSituation Look(Dictionary<string, string> files) =>
        BootSituation.From(files, s_names, new Dictionary<string, string>());

    private static Dictionary<string, string> Files(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Assignment", "AtBoot", "Corpus", name, "before");
        return Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(path => path[folder.Length..], path => Encoding.Latin1.GetString(File.ReadAllBytes(path)));
    }
}
