package io.sendense.recovery.out;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.Attributes;
import io.sendense.recovery.fs.Entry;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.fs.GuestPath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Brings a file, or a directory with all below it, to a sink. For one use. */
public final class Copier {
  /** Deeper than any path that Linux or Windows can name. */
  static final int DEEPEST = 2048;

  // Files whose other names are awaited; beyond it a file is copied once per name.
  private static final int MOST_LINKED = 200_000;

  private final Sink sink;
  private final Watch watch;
  private final Losses losses;
  private final Map<Long, GuestPath> linked = new HashMap<>();
  private final Deque<Long> ancestors = new ArrayDeque<>();
  private long files;
  private long directories;

  /** Told of every file and every piece of content, and may end the copying by throwing. */
  public interface Watch {
    void file(GuestPath path);

    void bytes(long count);
  }

  /** What was copied. */
  public record Outcome(long files, long directories, Losses losses) {}

  public Copier(Sink sink, Watch watch, Losses losses) {
    this.sink = sink;
    this.watch = watch;
    this.losses = losses;
  }

  /**
   * Copies and finishes the sink.
   *
   * @param name of the copy
   * @throws SendenseException what ended it; what failed for single files is in the outcome
   */
  public Outcome copy(GuestName name, GuestFile start) {
    try {
      copy(GuestPath.of(name), start);
      sink.finish();
    } catch (IOException e) {
      throw unwritable(e);
    }
    return new Outcome(files, directories, losses);
  }

  private void copy(GuestPath path, GuestFile file) throws IOException {
    watch.file(path);
    Attributes attributes = file.attributes();
    Item item = new Item(path, file, attributes, sameAs(path, attributes));
    sink.take(item, watch);
    if (attributes.kind() != FileKind.DIRECTORY) {
      files++;
      return;
    }
    directories++;
    if (path.depth() > DEEPEST) {
      throw new SendenseException(
          ErrorCode.GUEST_DAMAGED, "directories are nested more than " + DEEPEST + " deep", "");
    }
    if (ancestors.contains(attributes.id())) {
      throw new SendenseException(
          ErrorCode.GUEST_DAMAGED, "the directory " + path + " contains itself", "");
    }
    ancestors.addLast(attributes.id());
    try {
      file.entries(entry -> child(path, entry));
    } catch (SendenseException e) {
      failed(path, e);
    } finally {
      ancestors.removeLast();
    }
    sink.leave(item);
  }

  private boolean child(GuestPath parent, Entry entry) {
    GuestPath path = parent.with(entry.name());
    try {
      if (!entry.name().safe()) {
        throw new SendenseException(
            ErrorCode.GUEST_DAMAGED, "its name would lead out of the folder", "");
      }
      copy(path, entry.open());
    } catch (SendenseException e) {
      failed(path, e);
    } catch (IOException e) {
      if (!sink.survivesFailures()) {
        throw unwritable(e);
      }
      losses.failed(path.toString(), FolderSink.reason(e));
    }
    return true;
  }

  private void failed(GuestPath path, SendenseException e) {
    boolean guests = e.code() == ErrorCode.GUEST_DAMAGED || e.code() == ErrorCode.GUEST_UNSUPPORTED;
    if (!guests || sink.broken()) {
      throw e;
    }
    losses.failed(path.toString(), String.valueOf(e.getMessage()));
  }

  private Optional<GuestPath> sameAs(GuestPath path, Attributes attributes) {
    if (attributes.links() < 2 || attributes.kind() == FileKind.DIRECTORY) {
      return Optional.empty();
    }
    GuestPath first = linked.get(attributes.id());
    if (first == null && linked.size() < MOST_LINKED) {
      linked.put(attributes.id(), path);
    }
    return Optional.ofNullable(first);
  }

  private static SendenseException unwritable(IOException e) {
    return new SendenseException(
        ErrorCode.NO_SPACE,
        "the copy could not be written: " + FolderSink.reason(e),
        "Check the place it goes to.",
        e);
  }
}
