package im.parley.loadtest.probe;

/**
 * What the server's process used, as far as it can be told; NaN where not.
 *
 * @param rssBytes resident memory
 * @param heapBytes used heap, garbage included
 * @param cpuCores processor time since the sample before, in cores
 * @param gcSeconds time in collections since the server began
 * @param longestPauseSeconds the longest collection of the last minutes
 */
public record ServerSample(
    double rssBytes,
    double heapBytes,
    double cpuCores,
    double gcSeconds,
    double longestPauseSeconds) {}
