package io.sendense.billing.metering;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store that forgets everything with the process; for tests and for trying things out. */
public final class MemoryUsageStore implements UsageStore {
  private final Deque<UsageRecord> waiting = new ArrayDeque<>();
  private ChainId chain;
  private @Nullable UsageRecord last;

  public MemoryUsageStore(ChainId beginning) {
    this.chain = beginning;
  }

  @Override
  public Optional<UsageRecord> last() {
    return Optional.ofNullable(last);
  }

  @Override
  public void append(UsageRecord usage) {
    waiting.addLast(usage);
    last = usage;
  }

  @Override
  public List<UsageRecord> unacknowledged(int most) {
    return waiting.stream().limit(most).toList();
  }

  @Override
  public void acknowledge(ChainId acknowledged, long lastSequence) {
    waiting.removeIf(
        usage -> usage.id().chain().equals(acknowledged) && usage.id().sequence() <= lastSequence);
  }

  @Override
  public void rebase(ChainId beginning, List<UsageRecord> replacement) {
    waiting.clear();
    waiting.addAll(replacement);
    chain = beginning;
    if (!replacement.isEmpty()) {
      last = replacement.getLast();
    }
  }

  @Override
  public ChainId chain() {
    return chain;
  }
}
