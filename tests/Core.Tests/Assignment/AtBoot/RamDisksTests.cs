using XenDriverDomain.Access;
using XenDriverDomain.Boot;
using XenDriverDomain.Boot.Loaders;
using XenDriverDomain.Hide;

namespace XenDriverDomain.Tests.Assignment.AtBoot;

public sealed class RamDisksTests
{
    [Theory]
    [InlineData("/usr/sbin/update-initramfs", "/boot/initrd.img-6.1.0-56-amd64")]
    [InlineData("/usr/bin/dracut", "/boot/initramfs-6.1.0-56-amd64.img")]
    [InlineData("/usr/bin/dracut", "/boot/initrd-6.1.0-56-amd64")]
    [InlineData("/usr/bin/dracut", "/boot/initrd.img-6.1.0-56-amd64")]
    public void The_image_that_a_program_makes_is_found_under_the_distributions_name(string program, string image)
    {
        HashSet<string> names =
        [
            program, "/lib/modules/6.1.0-56-amd64", image,
            // Of a kernel that is gone, and the one of Fedora's that is never made anew.
            "/boot/initrd.img-5.10.0-1-amd64", "/boot/initramfs-0-rescue.img",
        ];
        BootScene scene = new(new Dictionary<string, string>(), names, HideParameter.Name);

        RamDisks? disks = RamDisks.Find(scene, new BulkAnswer(new Dictionary<string, string>(), new Dictionary<string, string>(), names));

        Assert.Equal([image], disks!.Images);
    }
}
