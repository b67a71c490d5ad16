package io.sendense.recovery.inplace;

import java.util.List;

/** Durable list of the folders that were made in a guest and not yet removed. */
public interface Remains {
  /** Returns once it would survive a crash; called before the folder is made. */
  void add(String folder);

  void remove(String folder);

  /** Of this guest, oldest first. */
  List<String> all();
}
