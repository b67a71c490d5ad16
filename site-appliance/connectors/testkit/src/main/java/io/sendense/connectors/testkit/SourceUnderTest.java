package io.sendense.connectors.testkit;

import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.SourceConnector;
import java.util.List;

/** A machine of the connector's platform, made for one test, with disks that are all zeros. */
public interface SourceUnderTest extends AutoCloseable {
  /** Names of its disks, as captures have them; one or more, each of {@link #DISK_BYTES}. */
  List<String> disks();

  int DISK_BYTES = 8 << 20;

  /** A connector to the machine, as a process that has just been started would make it. */
  SourceConnector connector(OwnerRecords records);

  /** Writes one byte value over a range, as the guest would; done when it returns. */
  void write(String disk, int value, int offset, int length);

  /**
   * Everything on the source that a capture could leave behind, in words, in a stable order: jobs,
   * exports, files, snapshots, and what a baseline names.
   */
  List<String> remains();

  /** Whether the platform tracks changes of these disks. */
  boolean tracks();

  /** Whether the source itself keeps a captured point still while the guest writes. */
  boolean standsStill();

  /**
   * Lets go of a capture as a process that is killed does, without a word to the source.
   *
   * @return false where this harness cannot play that
   */
  boolean abandon(Capture capture);

  @Override
  void close();
}
