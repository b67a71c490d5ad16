package io.sendense.repository.remote;

import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A frame that is not DATA, understood. */
@SuppressWarnings("ArrayRecordComponent") // Messages are never compared.
sealed interface Message {
  record Hello(int lowest, int highest, String repository) implements Message {}

  record Welcome(int version, int inFlight, StoreCapabilities capabilities) implements Message {}

  record Put(ObjectName name, long length, Optional<ObjectLock> lock) implements Message {}

  record PutSmall(ObjectName name, Optional<ObjectLock> lock, byte[] content) implements Message {}

  record Get(ObjectName name, int bytesMax) implements Message {}

  record Read(ObjectName name, long position, int length) implements Message {}

  record Listing(String folder) implements Message {}

  /**
   * A request that is nothing but a name.
   *
   * @param type STAT, DELETE, SUM, LOCK_STATE or TIER_STATE
   */
  record Named(int type, ObjectName name) implements Message {}

  record ExtendLock(ObjectName name, ObjectLock lock) implements Message {}

  record Hold(ObjectName name, boolean held) implements Message {}

  record Move(ObjectName name, ObjectTier tier) implements Message {}

  /**
   * A frame without a body.
   *
   * @param type PING, PONG, NEXT, CANCEL, GO, OK, ABSENT or END
   */
  record Bare(int type) implements Message {}

  record Stored(long length, Instant at) implements Message {}

  record Size(long length) implements Message {}

  record Items(List<StoredObject> objects) implements Message {}

  record SumIs(Optional<byte[]> sum) implements Message {}

  record LockIs(LockState state) implements Message {}

  record TierIs(TierState state) implements Message {}

  /**
   * @param code number of an {@link io.sendense.domain.ErrorCode}
   */
  record Failed(int code, String what, String remedy) implements Message {}
}
