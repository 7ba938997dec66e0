namespace XenDriverDomain.Tour;

/// <summary>A step did not come out as the tour says it does.</summary>
internal sealed class TourException(string message) : Exception(message);
