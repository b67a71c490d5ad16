package io.sendense.nbd;

/** One request as it stood on the wire. The length is unsigned there. */
record ServerRequest(int type, int flags, long cookie, long offset, long length) {
  /** What its reply will take in memory, about; a request that is refused takes next to nothing. */
  long replyBytes() {
    boolean served = type == Nbd.CMD_READ && length <= NbdServerOptions.MAX_REQUEST_BYTES;
    return served ? length : 256;
  }
}
