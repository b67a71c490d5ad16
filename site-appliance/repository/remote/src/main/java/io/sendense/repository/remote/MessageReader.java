package io.sendense.repository.remote;

import io.netty.buffer.ByteBuf;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Bodies of frames to messages. Believes nothing that it has not checked. */
final class MessageReader {
  private static final int SUM_BYTES = 32;

  private final ByteBuf in;

  private MessageReader(ByteBuf in) {
    this.in = in;
  }

  /**
   * @throws BrokenProtocol where the body is not exactly one of that type
   */
  static Message read(int type, ByteBuf body) {
    MessageReader reader = new MessageReader(body);
    Message message;
    try {
      message = reader.message(type);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | DateTimeException e) {
      throw new BrokenProtocol("a frame of type " + type + " is malformed: " + e.getMessage());
    }
    if (body.isReadable()) {
      throw new BrokenProtocol("a frame of type " + type + " is too long");
    }
    return message;
  }

  private Message message(int type) {
    return switch (type) {
      case Wire.HELLO -> hello();
      case Wire.WELCOME ->
          new Message.Welcome(in.readUnsignedShort(), in.readUnsignedShort(), capabilities());
      case Wire.PUT -> new Message.Put(name(), length(), lock());
      case Wire.PUT_SMALL -> new Message.PutSmall(name(), lock(), rest());
      case Wire.GET -> new Message.Get(name(), shortLength());
      case Wire.READ -> new Message.Read(name(), length(), shortLength());
      case Wire.STAT, Wire.DELETE, Wire.SUM, Wire.LOCK_STATE, Wire.TIER_STATE ->
          new Message.Named(type, name());
      case Wire.LIST -> new Message.Listing(folder());
      case Wire.EXTEND_LOCK ->
          new Message.ExtendLock(
              name(), lock().orElseThrow(() -> new BrokenProtocol("a lock that is none")));
      case Wire.HOLD -> new Message.Hold(name(), flag());
      case Wire.MOVE -> new Message.Move(name(), tier());
      case Wire.PING, Wire.PONG, Wire.NEXT, Wire.CANCEL, Wire.GO, Wire.OK, Wire.ABSENT, Wire.END ->
          new Message.Bare(type);
      case Wire.STORED -> new Message.Stored(length(), time());
      case Wire.SIZE -> new Message.Size(length());
      case Wire.ITEMS -> items();
      case Wire.SUM_IS -> sum();
      case Wire.LOCK_IS -> new Message.LockIs(new LockState(lock(), flag()));
      case Wire.TIER_IS -> new Message.TierIs(new TierState(tier(), flag(), flag()));
      case Wire.ERROR -> new Message.Failed(in.readUnsignedShort(), text(), text());
      default -> throw new BrokenProtocol("unknown frame type " + type);
    };
  }

  private Message hello() {
    if (in.readLong() != Wire.MAGIC) {
      throw new BrokenProtocol("the client does not speak this protocol");
    }
    return new Message.Hello(in.readUnsignedShort(), in.readUnsignedShort(), text());
  }

  private Message items() {
    int count = in.readUnsignedShort();
    if (count > Wire.ITEMS_MAX) {
      throw new BrokenProtocol(count + " objects in one frame");
    }
    List<StoredObject> objects = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      objects.add(new StoredObject(name(), length(), time()));
    }
    return new Message.Items(objects);
  }

  private Message sum() {
    if (!in.isReadable()) {
      return new Message.SumIs(Optional.empty());
    }
    byte[] sum = new byte[SUM_BYTES];
    in.readBytes(sum);
    return new Message.SumIs(Optional.of(sum));
  }

  private StoreCapabilities capabilities() {
    long objectBytesMax = length();
    boolean writable = flag();
    Set<LockMode> locks = bits(Wire.LOCK_MODES);
    boolean hold = flag();
    boolean checksum = flag();
    return new StoreCapabilities(writable, locks, hold, checksum, bits(Wire.TIERS), objectBytesMax);
  }

  private <E> Set<E> bits(List<E> order) {
    int bits = in.readUnsignedByte();
    if (bits >>> order.size() != 0) {
      throw new BrokenProtocol("unknown bits in a set");
    }
    Set<E> found = new HashSet<>();
    for (int i = 0; i < order.size(); i++) {
      if ((bits & 1 << i) != 0) {
        found.add(order.get(i));
      }
    }
    return found;
  }

  private Optional<ObjectLock> lock() {
    int mode = in.readUnsignedByte();
    long until = in.readLong();
    if (mode == 0 && until == 0) {
      return Optional.empty();
    }
    if (mode == 0 || mode > Wire.LOCK_MODES.size()) {
      throw new BrokenProtocol("unknown lock mode " + mode);
    }
    return Optional.of(new ObjectLock(Wire.LOCK_MODES.get(mode - 1), Instant.ofEpochSecond(until)));
  }

  private ObjectTier tier() {
    int tier = in.readUnsignedByte();
    if (tier >= Wire.TIERS.size()) {
      throw new BrokenProtocol("unknown tier " + tier);
    }
    return Wire.TIERS.get(tier);
  }

  private boolean flag() {
    int flag = in.readUnsignedByte();
    if (flag > 1) {
      throw new BrokenProtocol("a flag of " + flag);
    }
    return flag == 1;
  }

  private long length() {
    long length = in.readLong();
    if (length < 0) {
      throw new BrokenProtocol("a negative length");
    }
    return length;
  }

  private int shortLength() {
    int length = in.readInt();
    if (length < 0) {
      throw new BrokenProtocol("a length above 2 GiB");
    }
    return length;
  }

  private Instant time() {
    long seconds = in.readLong();
    int nanos = in.readInt();
    if (nanos < 0 || nanos > 999_999_999) {
      throw new BrokenProtocol("a time with " + nanos + " ns");
    }
    return Instant.ofEpochSecond(seconds, nanos);
  }

  private ObjectName name() {
    return new ObjectName(text());
  }

  private String folder() {
    String folder = text();
    return folder.isEmpty() ? folder : new ObjectName(folder).value();
  }

  private byte[] rest() {
    int length = in.readableBytes();
    if (length > Wire.SMALL_BYTES_MAX) {
      throw new BrokenProtocol("a small object of " + length + " bytes");
    }
    byte[] rest = new byte[length];
    in.readBytes(rest);
    return rest;
  }

  private String text() {
    int length = in.readUnsignedShort();
    if (length > Wire.TEXT_BYTES_MAX || length > in.readableBytes()) {
      throw new BrokenProtocol("a text of " + length + " bytes");
    }
    return in.readString(length, StandardCharsets.UTF_8);
  }
}
