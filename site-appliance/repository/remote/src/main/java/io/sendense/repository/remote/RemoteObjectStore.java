package io.sendense.repository.remote;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A repository of another appliance, over mTLS. Thread-safe. A lost connection fails the calls that
 * were using it; the next call opens another.
 */
public final class RemoteObjectStore implements ObjectStore {
  private final Exchange exchange;
  private final StoreCapabilities capabilities;

  private RemoteObjectStore(Exchange exchange, StoreCapabilities capabilities) {
    this.exchange = exchange;
    this.capabilities = capabilities;
  }

  /**
   * Connects and learns what the other side offers.
   *
   * @throws SendenseException UNAUTHENTICATED where the certificates are not accepted, FORBIDDEN
   *     where no grant names this appliance and the repository, STORE_UNKNOWN_VERSION,
   *     STORE_UNAVAILABLE, and those of the files
   */
  public static RemoteObjectStore open(RemoteStoreOptions options, TlsIdentity identity) {
    return open(options, identity, TlsIdentity.nativeTls());
  }

  static RemoteObjectStore open(
      RemoteStoreOptions options, TlsIdentity identity, boolean nativeTls) {
    Exchange exchange = new Exchange(options, identity.forClient(nativeTls));
    try {
      return new RemoteObjectStore(exchange, exchange.welcome());
    } catch (SendenseException e) {
      exchange.close();
      throw e;
    }
  }

  @Override
  public String describe() {
    return exchange.describe();
  }

  @Override
  public StoreCapabilities capabilities() {
    return capabilities;
  }

  @Override
  public StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    if (length > capabilities.objectBytesMax()) {
      throw StoreFailure.badRange(describe(), name, 0, length, capabilities.objectBytesMax());
    }
    lock.ifPresent(this::requireLocks);
    if (length > Wire.SMALL_BYTES_MAX) {
      return stored(
          name, exchange.put(new Message.Put(name, length, lock), content, offset, length));
    }
    byte[] own = Arrays.copyOfRange(content, offset, offset + length);
    return stored(name, exchange.ask(new Message.PutSmall(name, lock, own), Message.Stored.class));
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    if (position < 0 || length < 0) {
      throw StoreFailure.badRange(describe(), name, position, length, 0);
    }
    exchange.fill(new Message.Read(name, position, length), Pending.into(target, offset, length));
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    return exchange.fill(new Message.Get(name, bytesMax), Pending.whole(bytesMax));
  }

  @Override
  public Optional<StoredObject> stat(ObjectName name) {
    Message answer = exchange.ask(new Message.Named(Wire.STAT, name), Message.class);
    return switch (answer) {
      case Message.Stored found -> Optional.of(stored(name, found));
      case Message.Bare(int type) when type == Wire.ABSENT -> Optional.empty();
      default -> throw Failures.broken(describe(), "an answer of another kind");
    };
  }

  @Override
  public void list(String folder, Consumer<StoredObject> visitor) {
    exchange.list(folder, visitor);
  }

  @Override
  public void delete(ObjectName name) {
    exchange.change(new Message.Named(Wire.DELETE, name));
  }

  @Override
  public Optional<byte[]> backendChecksum(ObjectName name) {
    return exchange.ask(new Message.Named(Wire.SUM, name), Message.SumIs.class).sum();
  }

  @Override
  public LockState lockState(ObjectName name) {
    return exchange.ask(new Message.Named(Wire.LOCK_STATE, name), Message.LockIs.class).state();
  }

  @Override
  public void extendLock(ObjectName name, ObjectLock lock) {
    requireLocks(lock);
    exchange.change(new Message.ExtendLock(name, lock));
  }

  @Override
  public void setLegalHold(ObjectName name, boolean held) {
    if (!capabilities.legalHold()) {
      throw StoreFailure.unsupported(describe(), "legal hold");
    }
    exchange.change(new Message.Hold(name, held));
  }

  @Override
  public TierState tierState(ObjectName name) {
    return exchange.ask(new Message.Named(Wire.TIER_STATE, name), Message.TierIs.class).state();
  }

  @Override
  public void moveTo(ObjectName name, ObjectTier tier) {
    exchange.change(new Message.Move(name, tier));
  }

  @Override
  public void close() {
    exchange.close();
  }

  private void requireLocks(ObjectLock lock) {
    if (!capabilities.lockModes().contains(lock.mode())) {
      throw StoreFailure.unsupported(describe(), "object lock in mode " + lock.mode());
    }
  }

  private static StoredObject stored(ObjectName name, Message.Stored stored) {
    return new StoredObject(name, stored.length(), stored.at());
  }
}
