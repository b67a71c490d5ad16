package io.sendense.repository.spi;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A store of immutable objects. Thread-safe.
 *
 * <p><b>What the medium must guarantee.</b> An object appears whole or not at all. Once {@link
 * #put} has returned, the object survives a crash of every machine involved, and every later {@code
 * get}, {@code stat} and {@code list} by anyone sees it. Nothing changes an object's bytes. The
 * store has one clock of its own for {@link StoredObject#storedAt}, which may be wrong but does not
 * run backwards by more than a second; callers compare those times only with each other.
 *
 * <p><b>Failures.</b> All are {@link io.sendense.domain.SendenseException}s made by {@link
 * StoreFailure}, by which a caller can ask {@code is it missing?} and {@code is it permanent?}:
 *
 * <ul>
 *   <li>{@code STORE_OBJECT_MISSING}: no such object. Permanent.
 *   <li>{@code ALREADY_EXISTS}: a put of a name that is taken; the old object is untouched.
 *       Permanent.
 *   <li>{@code NO_SPACE}: the medium is full; nothing became visible. Permanent until somebody
 *       acts.
 *   <li>{@code STORE_READ_ONLY}, {@code FORBIDDEN}: the store refuses changes. Permanent.
 *   <li>{@code STORE_LOCKED}: a lock or legal hold forbids a delete, or a lock would be shortened
 *       or weakened. The text names the date. Permanent until then.
 *   <li>{@code STORE_ARCHIVED}: the object must be brought back from the archive before it is read.
 *       Permanent until somebody asks for it with {@link #moveTo}.
 *   <li>{@code STORE_UNSUPPORTED}: the store lacks what was asked, and did nothing. Permanent.
 *   <li>{@code BAD_ARGUMENT}: the range is not within the object, or the object is too long.
 *   <li>{@code STORE_UNAVAILABLE}: anything else. May pass; whether a put took effect is unknown,
 *       and repeating it with the same bytes is safe: {@code ALREADY_EXISTS} then means it had.
 * </ul>
 *
 * <p>Implementations retry, throttle and count nothing; decorators do.
 */
public interface ObjectStore extends AutoCloseable {
  /** For people: which store this is, such as a directory's path. Holds no secret. */
  String describe();

  StoreCapabilities capabilities();

  /**
   * Stores bytes {@code [offset, offset + length)} of {@code content} under a name that is free.
   * Returns only when the object is durable. The array is not kept, and not read after the return.
   *
   * @param lock set by the same write, so that no moment passes in which the object is there
   *     without it; a store that cannot enforce it refuses the put
   * @return the object as the store sees it
   */
  StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock);

  /** Stores without a lock; see {@link #put(ObjectName, byte[], int, int, Optional)}. */
  default StoredObject put(ObjectName name, byte[] content, int offset, int length) {
    return put(name, content, offset, length, Optional.empty());
  }

  /** Stores a whole array; see {@link #put(ObjectName, byte[], int, int)}. */
  default StoredObject put(ObjectName name, byte[] content) {
    return put(name, content, 0, content.length);
  }

  /**
   * Reads exactly {@code length} bytes from {@code position} of the object into {@code target} at
   * {@code offset}. After a failure the target's content is undefined.
   */
  void read(ObjectName name, long position, byte[] target, int offset, int length);

  /**
   * Reads a whole object.
   *
   * @param bytesMax a longer object is refused with {@code BAD_ARGUMENT}, before it is read
   */
  byte[] get(ObjectName name, int bytesMax);

  /** What the store knows of an object; empty where there is none. */
  Optional<StoredObject> stat(ObjectName name);

  /**
   * Calls {@code visitor} for every object below a folder, such as {@code packs/0000002a}; the
   * empty string means all. Ascending by name. An object put or deleted meanwhile may or may not be
   * seen; all others are seen exactly once. The visitor runs on the calling thread and may not call
   * back into the store; what it throws ends the listing.
   *
   * @param folder whole parts of a name, without a slash at the end; an unknown folder is empty
   */
  void list(String folder, Consumer<StoredObject> visitor);

  /** The listing of a folder known to be small. */
  default List<StoredObject> list(String folder) {
    List<StoredObject> found = new java.util.ArrayList<>();
    list(folder, found::add);
    return found;
  }

  /**
   * Removes an object, durably. Removing one that is not there is not an error. A locked or held
   * object stays, and stays readable under its name.
   */
  void delete(ObjectName name);

  /**
   * SHA-256 of the whole object, computed by the store from what it keeps; empty where it has none.
   */
  Optional<byte[]> backendChecksum(ObjectName name);

  /** What keeps an object from being deleted. {@link LockState#FREE} in a store without locks. */
  LockState lockState(ObjectName name);

  /**
   * Locks an object for longer. Returns when the store enforces it. A lock that is already as
   * strong and as long is left as it is; one that would become shorter or weaker is refused.
   */
  void extendLock(ObjectName name, ObjectLock lock);

  /** Sets or lifts a legal hold. Setting what is set already is not an error. */
  void setLegalHold(ObjectName name, boolean held);

  /** In which tier an object lies. */
  TierState tierState(ObjectName name);

  /**
   * Moves an object to another tier, or begins to. Out of the archive it becomes readable later;
   * {@link #tierState} tells. Content, name, locks and {@link StoredObject#storedAt} stay. Asking
   * again for what is under way is not an error.
   */
  void moveTo(ObjectName name, ObjectTier tier);

  /** Frees what the store holds; the objects stay. May be called twice. */
  @Override
  void close();
}
