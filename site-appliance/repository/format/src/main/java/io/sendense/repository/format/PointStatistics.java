package io.sendense.repository.format;

/**
 * What making a point cost. Chunks are counted as they were handed to the writer.
 *
 * @param chunksZero held only zeros, so nothing was stored
 * @param chunksUnchanged equal to the parent's chunk at the same place
 * @param chunksDeduplicated already in the repository elsewhere
 * @param chunksStored compressed, sealed and stored
 * @param bytesGiven bytes handed to the writer, zeros reported without data left out
 * @param bytesStored length of all objects written for this point
 * @param objectsWritten number of these objects, the point's own left out
 */
public record PointStatistics(
    long chunksZero,
    long chunksUnchanged,
    long chunksDeduplicated,
    long chunksStored,
    long bytesGiven,
    long bytesStored,
    long objectsWritten) {}
