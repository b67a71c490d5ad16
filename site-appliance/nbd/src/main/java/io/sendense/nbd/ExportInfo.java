package io.sendense.nbd;

import java.util.List;

/**
 * What a server said about an export when it was opened.
 *
 * @param sizeBytes size of the disk
 * @param flags transmission flags as sent
 * @param minimumBlockBytes every request's offset and length is a multiple of it; the client takes
 *     care of that for reads
 * @param preferredBlockBytes smallest size that is efficient
 * @param maximumBlockBytes largest request the server accepts
 * @param structuredReplies whether replies may come in chunks, holes among them
 * @param contexts names of the block-status contexts that were agreed on
 */
public record ExportInfo(
    long sizeBytes,
    int flags,
    int minimumBlockBytes,
    int preferredBlockBytes,
    int maximumBlockBytes,
    boolean structuredReplies,
    List<String> contexts) {
  public ExportInfo {
    contexts = List.copyOf(contexts);
  }

  public boolean readOnly() {
    return has(Nbd.FLAG_READ_ONLY);
  }

  /** Whether all connections see each other's flushed writes. */
  public boolean multiConn() {
    return has(Nbd.FLAG_CAN_MULTI_CONN);
  }

  public boolean canFlush() {
    return has(Nbd.FLAG_SEND_FLUSH);
  }

  public boolean canTrim() {
    return has(Nbd.FLAG_SEND_TRIM);
  }

  public boolean canZero() {
    return has(Nbd.FLAG_SEND_WRITE_ZEROES);
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
