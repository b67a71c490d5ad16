package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A store that knows docs/formats/repository.md 6 and refuses, as a defect, what is done in another
 * order. One repository, no keys: it goes by the clear sections, as an operator could. What it was
 * told of a rule broken stays in {@link #broken}, because the product may swallow an exception.
 */
final class OrderRules extends ForwardingObjectStore {
  final List<String> broken = new ArrayList<>();

  /** Folders listed, in order. */
  final List<String> listed = new ArrayList<>();

  private final Map<ObjectName, Boolean> readBack = new HashMap<>();

  /** How far an object was read since it was put, from its first byte on and without a gap. */
  private final Map<ObjectName, Long> readTo = new HashMap<>();

  final ObjectStore beneath;

  OrderRules(ObjectStore inner) {
    super(inner);
    beneath = inner;
  }

  @Override
  public synchronized StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    String folder = folder(name);
    switch (folder) {
      case "format" -> require(inner().list("").isEmpty(), "format is put into an empty store");
      case "keys" -> require(there(FormatObject.NAME), "format is there before " + name);
      case "intents" -> require(!inner().list("keys").isEmpty(), "a key is there before " + name);
      case "packs" -> checkPack(name);
      case "indexes" ->
          checkIndex(name, java.util.Arrays.copyOfRange(content, offset, offset + length));
      case "points" ->
          checkPoint(name, java.util.Arrays.copyOfRange(content, offset, offset + length));
      default -> {}
    }
    StoredObject stored = super.put(name, content, offset, length, lock);
    readBack.put(name, false);
    readTo.put(name, 0L);
    return stored;
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    super.read(name, position, target, offset, length);
    noteRead(name, position, length);
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    byte[] content = super.get(name, bytesMax);
    noteRead(name, 0, content.length);
    return content;
  }

  /** What the store computed itself counts as reading back. */
  @Override
  public Optional<byte[]> backendChecksum(ObjectName name) {
    Optional<byte[]> told = super.backendChecksum(name);
    if (told.isPresent()) {
      synchronized (this) {
        readBack.put(name, true);
      }
    }
    return told;
  }

  @Override
  public void list(String folder, Consumer<StoredObject> visitor) {
    synchronized (this) {
      listed.add(folder);
    }
    super.list(folder, visitor);
  }

  @Override
  public synchronized void delete(ObjectName name) {
    if (folder(name).equals("packs")) {
      for (StoredObject index : inner().list("indexes")) {
        Optional<IndexObject> content = index(index.name());
        boolean names =
            content.isPresent()
                && !replaced().contains(content.get().id())
                && content.get().packs().stream()
                    .anyMatch(pack -> pack.id().objectName().equals(name));
        require(!names, name + " is deleted only after an index replaced those that name it");
      }
    }
    super.delete(name);
  }

  private void checkPack(ObjectName name) {
    UUID writer = PackId.of(name).orElseThrow().writer();
    require(there(IntentObject.name(writer)), "the intent is there before " + name);
  }

  private void checkIndex(ObjectName name, byte[] content) {
    for (PackRecord pack : IndexObject.decode(name, content, Optional.empty()).packs()) {
      ObjectName object = pack.id().objectName();
      require(there(object), object + " is there before " + name);
      require(readBack.getOrDefault(object, true), object + " was read back before " + name);
    }
  }

  private void checkPoint(ObjectName name, byte[] content) {
    Set<UUID> replaced = replaced();
    for (UUID index : PointObject.indexes(name, content)) {
      ObjectName object = IndexObject.name(index);
      require(there(object) || replaced.contains(index), object + " is there before " + name);
      require(readBack.getOrDefault(object, true), object + " was read back before " + name);
    }
    readBack.forEach(
        (object, read) -> {
          if (folder(object).equals("packs") && there(object)) {
            require(
                read || !indexed(object), object + ", which was put, is read back before " + name);
          }
        });
  }

  private boolean indexed(ObjectName pack) {
    return inner().list("indexes").stream()
        .flatMap(object -> index(object.name()).stream())
        .flatMap(index -> index.packs().stream())
        .anyMatch(record -> record.id().objectName().equals(pack));
  }

  private Set<UUID> replaced() {
    Set<UUID> all = new HashSet<>();
    inner().list("indexes").forEach(o -> index(o.name()).ifPresent(i -> all.addAll(i.replaces())));
    return all;
  }

  private Optional<IndexObject> index(ObjectName name) {
    try {
      return Optional.of(
          IndexObject.decode(name, inner().get(name, IndexObject.BYTES_MAX), Optional.empty()));
    } catch (SendenseException e) {
      return Optional.empty();
    }
  }

  private synchronized void noteRead(ObjectName name, long position, int length) {
    long whole = inner().stat(name).map(StoredObject::lengthBytes).orElse(0L);
    long to =
        readTo.merge(
            name, position + length, (old, end) -> position <= old ? Math.max(old, end) : old);
    if (to >= whole) {
      readBack.computeIfPresent(name, (object, read) -> true);
    }
  }

  private boolean there(ObjectName name) {
    return inner().stat(name).isPresent();
  }

  private void require(boolean kept, String rule) {
    if (!kept) {
      broken.add(rule);
      throw new AssertionError("broken: " + rule);
    }
  }

  private static String folder(ObjectName name) {
    return name.value().split("/", 2)[0];
  }
}
