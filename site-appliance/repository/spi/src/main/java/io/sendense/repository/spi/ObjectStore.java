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
   * @return the object as the store sees it
   */
  StoredObject put(ObjectName name, byte[] content, int offset, int length);

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

  /** Removes an object, durably. Removing one that is not there is not an error. */
  void delete(ObjectName name);

  /** Frees what the store holds; the objects stay. May be called twice. */
  @Override
  void close();
}
