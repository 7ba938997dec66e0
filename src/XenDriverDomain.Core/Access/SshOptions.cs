namespace XenDriverDomain.Access;
/// <summary>tmp</summary>
public sealed class SshOptions {
#pragma warning disable CS1591
 public required string HostName {get;init;} public int? Port{get;init;} public string? UserName{get;init;} public string? KeyFilePath{get;init;} public IReadOnlyDictionary<string,string> Options{get;init;}=new Dictionary<string,string>(); public TimeSpan ConnectTimeout{get;init;} public string Id => HostName; }
