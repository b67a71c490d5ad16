package io.sendense.demo.guest;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the acknowledgements outside the guest, in the order of their arrival: in a file, durable
 * before it counts, and in memory. Thread-safe.
 */
final class AckJournal implements AutoCloseable {
  private final FileChannel file;
  private final List<Ack> acks = new ArrayList<>();
  private Optional<String> failure = Optional.empty();

  AckJournal(Path path) throws IOException {
    this.file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  synchronized void add(Ack ack) throws IOException {
    String line = ack.seq() + " " + ack.sha256() + " " + ack.receivedAt() + "\n";
    ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
    file.force(false);
    acks.add(ack);
    notifyAll();
  }

  /** Says that no more will come, and why. */
  synchronized void fail(String why) {
    if (failure.isEmpty()) {
      failure = Optional.of(why);
    }
    notifyAll();
  }

  synchronized List<Ack> all() {
    return List.copyOf(acks);
  }

  synchronized Optional<Ack> last() {
    return acks.isEmpty() ? Optional.empty() : Optional.of(acks.getLast());
  }

  synchronized void await(int count, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    while (acks.size() < count) {
      if (failure.isPresent()) {
        throw new SendenseException(
            ErrorCode.SOURCE_UNREADABLE,
            "the guest ended after " + acks.size() + " acknowledgements: " + failure.get(),
            "Look at its console log.");
      }
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new SendenseException(
            ErrorCode.DEADLINE_EXCEEDED,
            "the guest acknowledged " + acks.size() + " of " + count + " records in " + deadline,
            "Look at its console log.");
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SendenseException(ErrorCode.CANCELLED, "interrupted while waiting", "", e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
