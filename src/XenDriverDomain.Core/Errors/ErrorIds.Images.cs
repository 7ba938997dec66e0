namespace XenDriverDomain.Errors;

public static partial class ErrorIds
{
    /// <summary>dom0 lacks programs or modules that the inside of a driver domain needs.</summary>
    public const string ImagePartsMissing = nameof(ImagePartsMissing);

    /// <summary>What an inside is to be told is not what it understands, or there is no inside of ours to tell it.</summary>
    public const string InsideOptionInvalid = nameof(InsideOptionInvalid);

    /// <summary>dom0 does not have its own kernel as a file.</summary>
    public const string ImageKernelNotFound = nameof(ImageKernelNotFound);

    /// <summary>No module of dom0's kernel says that it drives a card.</summary>
    public const string ImageDriverNotFound = nameof(ImageDriverNotFound);

    /// <summary>A program of dom0's that looks at files (ldd, modinfo, sha256sum, wc) does not say what it should.</summary>
    public const string ImageLookFailed = nameof(ImageLookFailed);

    /// <summary>What was made is not what was to be made.</summary>
    public const string ImageNotMade = nameof(ImageNotMade);

    /// <summary>There is no such image.</summary>
    public const string ImageNotFound = nameof(ImageNotFound);

    /// <summary>A configuration names an image that was to be removed.</summary>
    public const string ImageInUse = nameof(ImageInUse);

    /// <summary>An image's manifest cannot be read, or is of a version that is not known.</summary>
    public const string ImageManifestInvalid = nameof(ImageManifestInvalid);

    /// <summary>An image's making was interrupted.</summary>
    public const string ImageIncomplete = nameof(ImageIncomplete);

    /// <summary>A file of an image is not what was made.</summary>
    public const string ImageDamaged = nameof(ImageDamaged);

    /// <summary>What an image was made of is not what dom0 has now.</summary>
    public const string ImageOld = nameof(ImageOld);
}
