namespace XenDriverDomain.Errors;

/// <summary>Something in a configuration file is wrong, at a place that can be pointed to.</summary>
internal sealed class ConfigException : XenDriverDomainException
{
    /// <summary>Creates the error of one place.</summary>
    /// <param name="errorId">A constant from <see cref="ErrorIds"/>.</param>
    /// <param name="location">Where it is; the message begins with it.</param>
    /// <param name="problem">What is wrong there.</param>
    /// <param name="remedy">What the user can do about it; a sentence.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public ConfigException(
        string errorId, ConfigLocation location, string problem, string remedy, Exception? innerException = null)
        : base(errorId, ErrorKind.InvalidArgument, $"{location}: {problem}", remedy, location.File, innerException)
    {
        Location = location;
    }

    /// <summary>Where it is.</summary>
    public ConfigLocation Location { get; }
}
