package io.sendense.connectors.libvirt;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How much room the scratch folder has, on this machine or on the host of QEMU. */
interface ScratchSpace {
  /**
   * Bytes that are free; negative where that cannot be told.
   *
   * @param libvirt a connection to the host, of which the caller is the only user
   */
  long free(Libvirt libvirt);

  static ScratchSpace local(Path folder) {
    return _ -> {
      try {
        return Files.getFileStore(folder).getUsableSpace();
      } catch (IOException e) {
        return -1;
      }
    };
  }

  /** Of another host, by the storage pool whose target the folder is; empty where none is. */
  static Optional<ScratchSpace> remote(Libvirt libvirt, Path folder) {
    return remoteFree(libvirt, folder) < 0
        ? Optional.empty()
        : Optional.of(again -> remoteFree(again, folder));
  }

  /** A pool that is not active, or a libvirt without storage, cannot tell. */
  private static long remoteFree(Libvirt libvirt, Path folder) {
    try {
      return libvirt.freeOfPool(folder.toString());
    } catch (SendenseException e) {
      if (LibvirtError.of(e).isEmpty()) {
        throw e;
      }
      return -1;
    }
  }

  /** Asks libvirt to look again, and then what is available. */
  static long ofPool(Library lib, MemorySegment connection, String target) throws LibvirtError {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pool =
          Libvirt.pointer(
              lib, "virStoragePoolLookupByTargetPath", connection, arena.allocateFrom(target));
      try {
        Libvirt.number(lib, "virStoragePoolRefresh", pool, 0);
        // int state, padding, unsigned long long capacity, allocation, available
        MemorySegment info = arena.allocate(4 * JAVA_LONG.byteSize(), JAVA_LONG.byteAlignment());
        Libvirt.number(lib, "virStoragePoolGetInfo", pool, info);
        return info.getAtIndex(JAVA_LONG, 3);
      } finally {
        lib.callInt("virStoragePoolFree", pool);
      }
    }
  }
}
