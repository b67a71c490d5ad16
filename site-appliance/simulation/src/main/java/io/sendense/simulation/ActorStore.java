package io.sendense.simulation;

import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store as one job sees it: others move before and after each call, the way there fails as
 * planned, and a listing comes in two pages. What is in flight when the process dies or the way
 * breaks may take effect, whole, later: the port promises nothing of a put that has not returned.
 */
final class ActorStore extends ForwardingObjectStore {
  private final World world;
  private final Attempt attempt;

  ActorStore(ObjectStore inner, World world, Attempt attempt) {
    super(inner);
    this.world = world;
    this.attempt = attempt;
  }

  @Override
  public StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    byte[] copy = Arrays.copyOfRange(content, offset, offset + length);
    Runnable later =
        () -> world.landing("put " + name, () -> inner().put(name, copy, 0, copy.length, lock));
    return call(
        "put",
        name.value(),
        mayLinger(name) ? later : null,
        () -> super.put(name, content, offset, length, lock));
  }

  @Override
  public void delete(ObjectName name) {
    Runnable later = () -> world.landing("delete " + name, () -> inner().delete(name));
    run("delete", name.value(), mayLinger(name) ? later : null, () -> super.delete(name));
  }

  /** Two rotations whose keys land after each other's are not told apart by any store. */
  private static boolean mayLinger(ObjectName name) {
    return !name.value().startsWith("keys/");
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    run("read", name.value(), null, () -> super.read(name, position, target, offset, length));
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    return call("get", name.value(), null, () -> super.get(name, bytesMax));
  }

  @Override
  public Optional<StoredObject> stat(ObjectName name) {
    return call("stat", name.value(), null, () -> super.stat(name));
  }

  @Override
  public void list(String folder, Consumer<StoredObject> visitor) {
    List<StoredObject> first = new ArrayList<>();
    run("list", folder, null, () -> super.list(folder, first::add));
    if (first.size() < 2) {
      first.forEach(visitor);
      return;
    }
    ObjectName middle = first.get(first.size() / 2).name();
    first.stream().filter(o -> o.name().compareTo(middle) < 0).forEach(visitor);
    List<StoredObject> second = new ArrayList<>();
    run("list on", folder, null, () -> super.list(folder, second::add));
    second.stream().filter(o -> o.name().compareTo(middle) >= 0).forEach(visitor);
  }

  @Override
  public Optional<byte[]> backendChecksum(ObjectName name) {
    return call("checksum", name.value(), null, () -> super.backendChecksum(name));
  }

  @Override
  public LockState lockState(ObjectName name) {
    return call("lock state", name.value(), null, () -> super.lockState(name));
  }

  @Override
  public void extendLock(ObjectName name, ObjectLock lock) {
    run("extend lock", name.value(), null, () -> super.extendLock(name, lock));
  }

  @Override
  public void setLegalHold(ObjectName name, boolean held) {
    run("hold", name.value(), null, () -> super.setLegalHold(name, held));
  }

  @Override
  public TierState tierState(ObjectName name) {
    return call("tier state", name.value(), null, () -> super.tierState(name));
  }

  @Override
  public void moveTo(ObjectName name, ObjectTier tier) {
    run("move", name.value(), null, () -> super.moveTo(name, tier));
  }

  private void run(String operation, String what, @Nullable Runnable later, Runnable action) {
    boolean unused =
        call(
            operation,
            what,
            later,
            () -> {
              action.run();
              return true;
            });
  }

  private <T> T call(String operation, String what, @Nullable Runnable later, Supplier<T> action) {
    attempt.reach(operation + " " + what, later);
    if (attempt.faults().strikes()) {
      return fail(operation, what, later, action);
    }
    T result = action.get();
    attempt.reach(operation + " " + what + " done", null);
    return result;
  }

  private <T> T fail(String operation, String what, @Nullable Runnable later, Supplier<T> action) {
    Faults.Kind kind = attempt.faults().kind();
    world.coverage().reach("fault " + kind.name().toLowerCase(java.util.Locale.ROOT));
    attempt.note("fault " + kind + " at " + operation + " " + what);
    switch (kind) {
      case BEFORE -> {}
      case AFTER -> {
        T unheard = action.get();
        attempt.note("unheard: " + (unheard != null));
      }
      case LATER -> {
        if (later != null) {
          later.run();
        }
      }
      case FULL -> {
        if (operation.equals("put")) {
          throw StoreFailure.noSpace(describe(), new ObjectName(what), null);
        }
      }
    }
    throw StoreFailure.unavailable(describe(), operation + " " + what, null);
  }
}
