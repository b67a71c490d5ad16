package io.sendense.recovery.apps;

import java.io.OutputStream;
import java.util.List;

/** Data of an application that was opened. For one thread at a time. Closing ends what runs. */
public interface OpenData extends AutoCloseable {
  /**
   * An item that can be taken out.
   *
   * @param path from the outermost in, such as a database and a table, or a mailbox and a folder
   * @param kind such as {@code database}
   * @param sizeBytes as the application tells it; 0 where it does not
   */
  record Item(List<String> path, String kind, long sizeBytes) {
    public Item {
      path = List.copyOf(path);
    }
  }

  /** All items, outer ones first; at most some ten thousands. */
  List<Item> items();

  /**
   * Writes an item in the application's own form for moving it. It is whole only where this
   * returns.
   *
   * @throws io.sendense.domain.SendenseException NOT_FOUND, GUEST_DAMAGED with the application's
   *     own words
   */
  void export(List<String> path, OutputStream to);

  @Override
  void close();
}
