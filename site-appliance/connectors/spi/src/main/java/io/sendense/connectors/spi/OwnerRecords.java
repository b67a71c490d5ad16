package io.sendense.connectors.spi;

import java.util.List;

/**
 * Durable list of what was made on a source and not yet removed. {@link #add} returns only when the
 * record would survive a crash, and is called before the resource is made.
 */
public interface OwnerRecords {
  /** Records a resource; adding the same one again changes nothing. */
  void add(Resource resource);

  /** Forgets a resource that is known to be gone. Forgetting an unknown one is not an error. */
  void remove(Resource resource);

  /** All resources recorded for a source, oldest first. */
  List<Resource> list(String source);

  /**
   * @param source which source it was made on, such as a QMP address
   * @param kind what it is, such as {@code bitmap} or {@code scratch-file}
   * @param name how to find it again on that source
   */
  record Resource(String source, String kind, String name) {}
}
