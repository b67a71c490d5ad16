package io.sendense.recovery.out;

import io.sendense.recovery.fs.Attributes;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestPath;
import java.util.Optional;

/**
 * One file to copy.
 *
 * @param sameAs the first path of this very file, where it has several names and one is copied
 */
record Item(GuestPath path, GuestFile file, Attributes attributes, Optional<GuestPath> sameAs) {}
