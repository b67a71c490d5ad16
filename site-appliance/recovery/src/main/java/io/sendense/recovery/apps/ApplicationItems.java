package io.sendense.recovery.apps;

import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.work.WorkPlace;
import java.util.Optional;

/**
 * An application whose items can be taken out of a point. The two steps are what all of them have
 * in common: its data is recognised in a directory by names alone, and is then opened by something
 * that understands it, be it a server that is started on a copy (PostgreSQL, MariaDB, SQL Server)
 * or a reader of its files (a domain controller's or Exchange's ESE database).
 */
public interface ApplicationItems {
  /** As people name it on the command line, such as {@code postgresql}. */
  String name();

  /**
   * Whether a directory is the root of the application's data.
   *
   * @param directory its names, and files to look at
   */
  Optional<FoundData> recognise(Directory directory);

  /**
   * Opens the data.
   *
   * @param system where the data was found
   * @param place for whatever is started, which must not be trusted with more
   * @throws io.sendense.domain.SendenseException MISSING_TOOL naming what to install; GUEST_DAMAGED
   *     with the server's own words; NO_SPACE
   */
  OpenData open(FoundData found, GuestFileSystem system, WorkPlace place);
}
