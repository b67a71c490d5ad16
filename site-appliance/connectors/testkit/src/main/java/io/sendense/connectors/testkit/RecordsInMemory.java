package io.sendense.connectors.testkit;

import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.ArrayList;
import java.util.List;

/** Owner records that outlive a connector but not the test, and can be made to fail. */
public final class RecordsInMemory implements OwnerRecords {
  private final List<Resource> all = new ArrayList<>();
  private int failAt = Integer.MAX_VALUE;
  private int added;

  /** The nth record to come, counted from 1, cannot be written. */
  public synchronized void failAt(int n) {
    failAt = n;
    added = 0;
  }

  /** Whether the planned failure was reached; plans none from now on. */
  public synchronized boolean failed() {
    boolean reached = added >= failAt;
    failAt = Integer.MAX_VALUE;
    return reached;
  }

  /** Everything of every source. */
  public synchronized List<Resource> all() {
    return List.copyOf(all);
  }

  @Override
  public synchronized void add(Resource resource) {
    added++;
    if (added == failAt) {
      throw new SendenseException(
          ErrorCode.NO_SPACE, "the owner record of " + resource + " cannot be written", "");
    }
    if (!all.contains(resource)) {
      all.add(resource);
    }
  }

  @Override
  public synchronized void remove(Resource resource) {
    all.remove(resource);
  }

  @Override
  public synchronized List<Resource> list(String source) {
    return all.stream().filter(resource -> resource.source().equals(source)).toList();
  }
}
