package io.sendense.recovery.inplace;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.work.Pause;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A new file in the guest, written in pieces and summed. */
final class AgentFile extends OutputStream {
  // A request of more than some 200 KB is never answered by libvirt 9.0: it fills the agent's
  // socket.
  private static final int PIECE = 96 << 10;
  private static final long SECOND = 1_000_000_000L;

  private final AgentCommands agent;
  private final long handle;
  private final Bounds bounds;
  private final MessageDigest sum;
  private final byte[] piece = new byte[PIECE];
  private final long began = System.nanoTime();
  private int used;
  private long sent;
  private boolean closed;

  /**
   * @param mostBytes beyond which it fails
   * @param bytesPerSecond on average; 0 for as fast as the agent takes them
   */
  record Bounds(long mostBytes, long bytesPerSecond) {}

  AgentFile(AgentCommands agent, String path, Bounds bounds) {
    this.agent = agent;
    this.bounds = bounds;
    this.handle = agent.create(path);
    try {
      sum = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void write(int one) {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) {
    int at = from;
    while (at < from + count) {
      int part = Math.min(from + count - at, PIECE - used);
      System.arraycopy(bytes, at, piece, used, part);
      used += part;
      at += part;
      if (used == PIECE) {
        send();
      }
    }
  }

  private void send() {
    if (used > bounds.mostBytes() - sent) {
      throw new SendenseException(
          ErrorCode.LIMIT_REACHED,
          "it is more than the " + bounds.mostBytes() + " bytes that may be sent",
          "Restore less at once, raise --most-mib, or make room in the guest: it needs twice the"
              + " space for a while.");
    }
    agent.write(handle, piece, used);
    sum.update(piece, 0, used);
    sent += used;
    used = 0;
    if (bounds.bytesPerSecond() > 0) {
      pace();
    }
  }

  private void pace() {
    long due = (long) ((double) sent / bounds.bytesPerSecond() * SECOND);
    long early = due - (System.nanoTime() - began);
    try {
      while (early > 0) {
        Pause.millis(early / 1_000_000 + 1);
        early = due - (System.nanoTime() - began);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(
          ErrorCode.CANCELLED, "interrupted while sending", "Run it again.", e);
    }
  }

  long sent() {
    return sent;
  }

  /** Of all that was sent, in hexadecimal; once it was closed. */
  String sha256() {
    return HexFormat.of().formatHex(sum.digest());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        send();
      } finally {
        agent.close(handle);
      }
    }
  }
}
