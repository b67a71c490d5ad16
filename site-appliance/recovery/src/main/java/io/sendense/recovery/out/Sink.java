package io.sendense.recovery.out;

import java.io.IOException;

/**
 * Where copies go. Parents come before what is in them; {@link #leave} comes when they are done.
 */
public interface Sink extends AutoCloseable {
  /**
   * Takes one file or begins a directory.
   *
   * @throws IOException where it could not be written; nothing of it is left then
   * @throws io.sendense.domain.SendenseException where the guest's bytes could not be read
   */
  void take(Item item, Copier.Watch watch) throws IOException;

  /** All of a directory was taken. */
  void leave(Item item) throws IOException;

  /** Whether copying may go on after a file that could not be written. */
  boolean survivesFailures();

  /** Whether what was written ends in the middle of a file, so that nothing more can follow. */
  boolean broken();

  /** Everything was taken: what was written is complete and lasts. */
  void finish() throws IOException;

  /** Frees what is open; without {@link #finish} before, nothing that looks complete remains. */
  @Override
  void close() throws IOException;
}
