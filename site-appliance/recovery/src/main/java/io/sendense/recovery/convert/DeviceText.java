package io.sendense.recovery.convert;

import io.sendense.recovery.disk.GuestVolume;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rewrites device names in the guest's texts so that they hold on any platform. */
final class DeviceText {
  private static final Pattern ARGUMENT =
      Pattern.compile("(?<=^|[\\s\"',])(root|resume|RESUME)=(\"?)(/dev/[A-Za-z0-9:._/+-]+)");

  private final Contents contents;
  private final DeviceNames names;
  private final GuestVolume root;
  private final Draft draft;

  DeviceText(Contents contents, GuestVolume root, Draft draft) {
    this.contents = contents;
    this.names = new DeviceNames(contents);
    this.root = root;
    this.draft = draft;
  }

  /**
   * The UUID= of a device whose name will change; empty where it will not, or where that was
   * reported as something a person must see to.
   */
  Optional<String> stable(String device, Use use, String where) {
    if (!DeviceNames.moves(device)) {
      return Optional.empty();
    }
    Optional<GuestVolume> volume = names.volume(device);
    // The order of disks may have changed since the name was given, so what lies there must fit.
    boolean fits =
        volume.isPresent()
            && switch (use) {
              case ROOT -> volume.get().name().equals(root.name());
              case SWAP -> contents.swaps().containsKey(volume.get().name());
              case FILES -> contents.systems().containsKey(volume.get().name());
            };
    Optional<String> uuid = fits ? volume.flatMap(contents::uuid) : Optional.empty();
    if (uuid.isEmpty()) {
      String why =
          volume.isEmpty()
              ? "no volume of its disks is that"
              : fits
                  ? volume.get().name() + " has no UUID of its own"
                  : volume.get().name() + " does not hold what it should there";
      String text = where + " names " + device + ", but " + why + "; set it by hand";
      if (use == Use.ROOT) {
        draft.blocker("devices", text);
      } else {
        draft.warning("devices", text);
      }
    }
    return uuid.map(id -> "UUID=" + id);
  }

  /** What a text uses a device for. */
  enum Use {
    ROOT,
    SWAP,
    FILES
  }

  /** The text with all its root= and resume= arguments by UUID; empty where nothing changes. */
  Optional<String> rewritten(String text, String where) {
    Matcher matcher = ARGUMENT.matcher(text);
    StringBuilder out = new StringBuilder();
    boolean changed = false;
    while (matcher.find()) {
      Use use = matcher.group(1).equals("root") ? Use.ROOT : Use.SWAP;
      Optional<String> stable = stable(matcher.group(3), use, where);
      changed |= stable.isPresent();
      String with =
          stable.map(id -> matcher.group(1) + "=" + matcher.group(2) + id).orElse(matcher.group());
      matcher.appendReplacement(out, Matcher.quoteReplacement(with));
    }
    matcher.appendTail(out);
    return changed ? Optional.of(out.toString()) : Optional.empty();
  }
}
