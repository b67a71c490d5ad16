package io.sendense.recovery.work;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program run to its end, with what it said last. */
public record Run(int exitCode, String output) {
  private static final int OUTPUT_BYTES = 64 << 10;

  /**
   * Runs a program as {@link WorkPlace#start} does; what it writes is read and the last 64 KiB
   * kept.
   *
   * @throws SendenseException DEADLINE_EXCEEDED; it is dead then
   */
  public static Run of(
      WorkPlace place, WorkPlace.Bounds bounds, Duration deadline, List<String> command) {
    return finish(place.start(bounds, command), command.getFirst(), deadline);
  }

  /** Waits for a started program; its two outputs are read so that it never blocks on them. */
  public static Run finish(Process process, String name, Duration deadline) {
    Tail tail = new Tail();
    Thread out = tail.drain(process.getInputStream());
    Thread err = tail.drain(process.getErrorStream());
    try {
      process.getOutputStream().close();
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new SendenseException(
            ErrorCode.DEADLINE_EXCEEDED,
            name + " did not end within " + deadline.toSeconds() + " s",
            "");
      }
      out.join(1000);
      err.join(1000);
      return new Run(process.exitValue(), tail.text());
    } catch (IOException e) {
      throw new SendenseException(ErrorCode.INTERNAL, name + " cannot be driven: " + e, "", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(ErrorCode.CANCELLED, "interrupted in " + name, "", e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** The newest bytes of one or more streams. Thread-safe. */
  public static final class Tail {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    /** Starts to read a stream to its end. */
    public Thread drain(InputStream in) {
      return Thread.ofVirtual()
          .start(
              () -> {
                byte[] buffer = new byte[8192];
                try (in) {
                  for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    add(buffer, n);
                  }
                } catch (IOException e) {
                  add(new byte[0], 0); // the program is gone; what it said stays
                }
              });
    }

    private synchronized void add(byte[] bytes, int count) {
      kept.write(bytes, 0, count);
      if (kept.size() > 2 * OUTPUT_BYTES) {
        byte[] all = kept.toByteArray();
        kept.reset();
        kept.write(all, all.length - OUTPUT_BYTES, OUTPUT_BYTES);
      }
    }

    public synchronized String text() {
      return kept.toString(StandardCharsets.UTF_8).strip();
    }
  }
}
