package io.sendense.recovery.btrfs;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Volume;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads nodes, proves them, and keeps those last used. */
final class Nodes {
  private static final int MOST_BYTES = 8 << 20;

  private final Volume volume;
  private final BtrfsSuper head;
  private final Chunks chunks;
  private final Map<Long, Node> kept;

  Nodes(Volume volume, BtrfsSuper head, Chunks chunks) {
    this.volume = volume;
    this.head = head;
    this.chunks = chunks;
    int most = MOST_BYTES / head.nodeBytes;
    this.kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, Node> eldest) {
            return size() > most;
          }
        };
  }

  /**
   * A node.
   *
   * @param generation in which whoever points at it says that it was written
   */
  Node read(long logical, int level, long generation) {
    Node known = kept.get(logical);
    if (known == null) {
      known = fresh(logical, level, generation);
      kept.put(logical, known);
    } else if (known.level != level) {
      throw volume.damaged("tree node " + logical, 0, "two trees claim it on different levels");
    }
    return known;
  }

  SendenseException damaged(String structure, String what) {
    return volume.damaged(structure, 0, what);
  }

  SendenseException unsupported(String what) {
    return volume.unsupported(what);
  }

  private Node fresh(long logical, int level, long generation) {
    String what = "tree node " + logical;
    Chunks.Places places = chunks.places(logical, what);
    if (places.length() < head.nodeBytes) {
      throw volume.damaged(what, places.at().getFirst(), "it leaves its chunk");
    }
    @Nullable SendenseException failure = null;
    for (long place : places.at()) {
      try {
        Bytes bytes = volume.read(place, head.nodeBytes, what);
        prove(bytes, logical, level, generation);
        return new Node(bytes);
      } catch (SendenseException e) {
        if (e.code() != ErrorCode.GUEST_DAMAGED) {
          throw e;
        }
        failure = failure == null ? e : failure;
      }
    }
    throw failure == null ? volume.damaged(what, 0, "it lies nowhere") : failure;
  }

  private void prove(Bytes bytes, long logical, int level, long generation) {
    int length = head.nodeBytes - 0x20;
    byte[] sum = head.sum.over(bytes.copy(0x20, length), 0, length);
    if (!Arrays.equals(sum, bytes.copy(0, sum.length))) {
      throw bytes.damaged("its checksum does not match");
    }
    if (bytes.i64(0x30) != logical || !Arrays.equals(bytes.copy(0x20, 16), head.nodeUuid)) {
      throw bytes.damaged("it belongs elsewhere");
    }
    if (bytes.u8(0x64) != level || bytes.i64(0x50) != generation) {
      throw bytes.damaged(
          "it is of level "
              + bytes.u8(0x64)
              + " and generation "
              + bytes.i64(0x50)
              + ", where "
              + level
              + " and "
              + generation
              + " are expected");
    }
  }
}
