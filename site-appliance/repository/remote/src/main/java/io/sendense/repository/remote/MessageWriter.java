package io.sendense.repository.remote;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoredObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Messages to frames. */
final class MessageWriter {
  private final ByteBuf out;

  private MessageWriter(ByteBuf out) {
    this.out = out;
  }

  /** A whole frame, header included, which the caller owns. */
  static ByteBuf frame(ByteBufAllocator allocator, int request, Message message) {
    ByteBuf out = allocator.buffer(Wire.HEADER_BYTES + 128);
    try {
      out.writeInt(0).writeByte(0).writeMedium(0).writeInt(request);
      int type = new MessageWriter(out).body(message);
      out.setInt(0, out.readableBytes() - Wire.HEADER_BYTES).setByte(4, type);
      return out;
    } catch (RuntimeException e) {
      out.release();
      throw e;
    }
  }

  /** A DATA frame. */
  static ByteBuf data(ByteBufAllocator allocator, int request, byte[] from, int at, int length) {
    ByteBuf out = allocator.directBuffer(Wire.HEADER_BYTES + length);
    out.writeInt(length).writeByte(Wire.DATA).writeMedium(0).writeInt(request);
    return out.writeBytes(from, at, length);
  }

  private int body(Message message) {
    return switch (message) {
      case Message.Hello hello -> {
        out.writeLong(Wire.MAGIC).writeShort(hello.lowest()).writeShort(hello.highest());
        text(hello.repository());
        yield Wire.HELLO;
      }
      case Message.Welcome welcome -> {
        out.writeShort(welcome.version()).writeShort(welcome.inFlight());
        capabilities(welcome.capabilities());
        yield Wire.WELCOME;
      }
      case Message.Put put -> {
        text(put.name().value()).writeLong(put.length());
        lock(put.lock());
        yield Wire.PUT;
      }
      case Message.PutSmall put -> {
        text(put.name().value());
        lock(put.lock()).writeBytes(put.content());
        yield Wire.PUT_SMALL;
      }
      case Message.Get get -> {
        text(get.name().value()).writeInt(get.bytesMax());
        yield Wire.GET;
      }
      case Message.Read read -> {
        text(read.name().value()).writeLong(read.position()).writeInt(read.length());
        yield Wire.READ;
      }
      case Message.Listing listing -> {
        text(listing.folder());
        yield Wire.LIST;
      }
      case Message.Named named -> {
        text(named.name().value());
        yield named.type();
      }
      case Message.ExtendLock extend -> {
        text(extend.name().value());
        lock(Optional.of(extend.lock()));
        yield Wire.EXTEND_LOCK;
      }
      case Message.Hold hold -> {
        text(hold.name().value()).writeBoolean(hold.held());
        yield Wire.HOLD;
      }
      case Message.Move move -> {
        text(move.name().value()).writeByte(Wire.TIERS.indexOf(move.tier()));
        yield Wire.MOVE;
      }
      case Message.Bare bare -> bare.type();
      case Message.Stored stored -> {
        out.writeLong(stored.length());
        time(stored.at());
        yield Wire.STORED;
      }
      case Message.Size size -> {
        out.writeLong(size.length());
        yield Wire.SIZE;
      }
      case Message.Items items -> {
        out.writeShort(items.objects().size());
        for (StoredObject object : items.objects()) {
          text(object.name().value()).writeLong(object.lengthBytes());
          time(object.storedAt());
        }
        yield Wire.ITEMS;
      }
      case Message.SumIs sum -> {
        sum.sum().ifPresent(out::writeBytes);
        yield Wire.SUM_IS;
      }
      case Message.LockIs lock -> {
        lock(lock.state().lock()).writeBoolean(lock.state().legalHold());
        yield Wire.LOCK_IS;
      }
      case Message.TierIs tier -> {
        out.writeByte(Wire.TIERS.indexOf(tier.state().tier()));
        out.writeBoolean(tier.state().readable()).writeBoolean(tier.state().rehydrating());
        yield Wire.TIER_IS;
      }
      case Message.Failed failed -> {
        out.writeShort(failed.code());
        text(failed.what());
        text(failed.remedy());
        yield Wire.ERROR;
      }
    };
  }

  private void capabilities(StoreCapabilities can) {
    out.writeLong(can.objectBytesMax()).writeBoolean(can.writable());
    out.writeByte(bits(Wire.LOCK_MODES, can.lockModes()));
    out.writeBoolean(can.legalHold()).writeBoolean(can.backendChecksum());
    out.writeByte(bits(Wire.TIERS, can.tiers()));
  }

  private static <E> int bits(List<E> order, Set<E> set) {
    return set.stream().mapToInt(value -> 1 << order.indexOf(value)).sum();
  }

  private ByteBuf lock(Optional<ObjectLock> lock) {
    int mode = lock.map(l -> Wire.LOCK_MODES.indexOf(l.mode()) + 1).orElse(0);
    return out.writeByte(mode).writeLong(lock.map(l -> l.until().getEpochSecond()).orElse(0L));
  }

  private void time(Instant time) {
    out.writeLong(time.getEpochSecond()).writeInt(time.getNano());
  }

  private ByteBuf text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, Wire.TEXT_BYTES_MAX);
    return out.writeShort(length).writeBytes(bytes, 0, length);
  }
}
