package io.sendense.connectors.cloudstack;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where in a cloud machines are made. Names or ids, as people give them.
 *
 * @param zone empty where there is only one
 * @param offering empty for the smallest that is large enough
 * @param pool by which machines are imported; empty for uploads
 */
public record CloudStackPlace(
    Optional<String> zone, Optional<String> offering, Optional<Pool> pool, Images images) {

  /**
   * A pool of primary storage that this machine reaches as a folder.
   *
   * @param folder its root, as it is mounted here
   */
  public record Pool(String name, Path folder) {}

  /**
   * Images in qcow2.
   *
   * @param file where the image of a disk is written: in the pool's root, or where uploads wait;
   *     never a name that was used before
   */
  public record Images(Function<String, Path> file) {}
}
