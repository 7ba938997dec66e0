namespace XenDriverDomain.Pci;
/// <summary>tmp</summary>
public static class PciClasses
{ /// <summary>tmp</summary>
    public static bool Matches(int classCode, string group) => false;
}
