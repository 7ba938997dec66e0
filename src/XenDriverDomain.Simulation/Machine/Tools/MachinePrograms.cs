using XenDriverDomain.Simulation.Files;
using XenDriverDomain.Simulation.Files.Tools;
using XenDriverDomain.Simulation.Machine.Tools.Boot;
using XenDriverDomain.Simulation.Programs;

namespace XenDriverDomain.Simulation.Machine.Tools;

/// <summary>The programs that work on a machine's files and its kernel.</summary>
internal static class MachinePrograms
{
    /// <summary>Those of a machine, new ones.</summary>
    public static IReadOnlyList<ISimulatedProgram> Of(SimulatedMachine machine)
    {
        SimulatedFiles files = machine.Files;
        return
        [
            new Cat(files), new ChMod(files), new Cp(files), new Grep(files), new Ldd(files), new Ln(files), new Ls(files),
            new MkDir(files), new Mount(files), new Od(files), new ReadLink(files), new Rm(files), new RmDir(files),
            new Sed(files), new Stat(files), new Tee(files), new UMount(files),
            new DMesg(machine), new Ip(machine), new ModProbe(machine), new RmMod(machine), new SystemCtl(files), new UpdateRcD(files),
            new BusyBox(), new ModInfo(machine), new Sha256Sum(files), new Wc(files),
            .. BootPrograms.Of(machine),
        ];
    }
}
