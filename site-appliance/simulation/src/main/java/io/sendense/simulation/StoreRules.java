package io.sendense.simulation;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Watches what reaches a store for the order of docs/formats/repository.md 6 and 12, and for
 * attempts to delete what is locked. It goes by clear sections, as an operator could, and refuses
 * nothing; what was broken is kept.
 */
final class StoreRules extends ForwardingObjectStore {
  private final InstantSource clock;
  private final BooleanSupplier slept;
  private final Consumer<String> journal;
  private final List<String> broken = new ArrayList<>();
  private final Set<String> intentsEver = new HashSet<>();
  private final Map<String, ClearSections.Index> indexes = new TreeMap<>();
  private final Map<String, Boolean> readBack = new HashMap<>();

  /**
   * @param slept whether somebody now at work may be past his deadline: what a late writer puts is
   *     judged by its readers
   */
  StoreRules(
      ObjectStore inner, InstantSource clock, BooleanSupplier slept, Consumer<String> journal) {
    super(inner);
    this.journal = journal;
    this.clock = clock;
    this.slept = slept;
  }

  synchronized List<String> broken() {
    return List.copyOf(broken);
  }

  /** Whether an index in time, that none in time replaces, names the pack. */
  synchronized boolean isCovered(String pack) {
    Set<String> replaced = replaced();
    return indexes.entrySet().stream()
        .anyMatch(e -> !replaced.contains(e.getKey()) && e.getValue().packs().contains(pack));
  }

  @Override
  public synchronized StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    String folder = folder(name);
    byte[] object =
        folder.equals("indexes") || folder.equals("points")
            ? Arrays.copyOfRange(content, offset, offset + length)
            : new byte[0];
    if (folder.equals("packs")) {
      require(
          intentsEver.contains(ClearSections.writerOfPack(name)),
          "the intent comes before " + name);
    }
    if (folder.equals("points")) {
      checkPoint(name, object);
    }
    StoredObject stored = super.put(name, content, offset, length, lock);
    readBack.put(name.value(), false);
    if (folder.equals("intents")) {
      intentsEver.add(name.value().substring("intents/".length()).split("\\.")[0]);
    }
    if (folder.equals("indexes")) {
      checkIndex(stored, object);
    }
    return stored;
  }

  private void checkIndex(StoredObject stored, byte[] object) {
    ClearSections.Index index = ClearSections.index(object);
    journal.accept(
        stored.name()
            + " names "
            + index.packs().size()
            + " packs and replaces "
            + index.replaces());
    if (index.isLate(stored.storedAt())) {
      journal.accept("late: " + stored.name());
      return;
    }
    indexes.put(stored.name().value(), index);
    for (String pack : index.packs()) {
      require(there(pack), pack + " is there before " + stored.name());
      require(readBack.getOrDefault(pack, true), pack + " is read back before " + stored.name());
    }
  }

  private void checkPoint(ObjectName name, byte[] object) {
    Set<String> replaced = replaced();
    journal.accept(name + " relies on " + ClearSections.indexesOfPoint(object));
    for (String index : ClearSections.indexesOfPoint(object)) {
      require(
          there(index) || replaced.contains(index) || slept.getAsBoolean(),
          index + " is there before " + name);
      require(readBack.getOrDefault(index, true), index + " is read back before " + name);
    }
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    super.read(name, position, target, offset, length);
    noteRead(name, length);
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    byte[] content = super.get(name, bytesMax);
    noteRead(name, content.length);
    return content;
  }

  @Override
  public Optional<byte[]> backendChecksum(ObjectName name) {
    Optional<byte[]> told = super.backendChecksum(name);
    if (told.isPresent()) {
      noteRead(name, Integer.MAX_VALUE);
    }
    return told;
  }

  @Override
  public synchronized void delete(ObjectName name) {
    if (folder(name).equals("packs")) {
      require(!isCovered(name.value()), "no index in force names " + name + " when it is deleted");
    }
    // A rotation asks the store whether it may remove the old keys; it is content with a no.
    if (!folder(name).equals("keys") && isLocked(name)) {
      broken.add("nobody tries to delete " + name + ", which is locked or held");
    }
    super.delete(name);
    journal.accept("deleted " + name);
    indexes.remove(name.value());
  }

  private boolean isLocked(ObjectName name) {
    try {
      return inner().lockState(name).refusesDeletion(clock.instant());
    } catch (SendenseException e) {
      return false;
    }
  }

  private Set<String> replaced() {
    Set<String> all = new HashSet<>();
    indexes.values().forEach(index -> all.addAll(index.replaces()));
    return all;
  }

  private boolean there(String name) {
    return inner().stat(new ObjectName(name)).isPresent();
  }

  private synchronized void noteRead(ObjectName name, int length) {
    long whole = inner().stat(name).map(StoredObject::lengthBytes).orElse(0L);
    if (length >= whole) {
      readBack.computeIfPresent(name.value(), (object, read) -> true);
    }
  }

  private void require(boolean kept, String rule) {
    if (!kept) {
      broken.add(rule);
    }
  }

  private static String folder(ObjectName name) {
    return name.value().split("/", 2)[0];
  }
}
