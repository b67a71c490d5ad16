package io.sendense.recovery.inplace;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.out.Copier;
import io.sendense.recovery.out.Losses;
import io.sendense.recovery.out.TarSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Puts one file or folder of a point into a folder of a running Linux guest. It is sent as a tar
 * into a folder of its own beside, which only root may enter; the guest's own tar unpacks it there
 * and compares what it wrote; then one rename brings it to its place. Until then nothing that was
 * there is touched, and what fails removes the folder again. For one use.
 */
public final class InPlace {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final AgentCommands agent;
  private final Programs programs;
  private final Remains remains;
  private final Leftovers leftovers;
  private final Settings settings;
  private final List<String> notes = new ArrayList<>();

  /**
   * @param folder in the guest, absolute, as the guest sees it
   * @param mostBytes of the tar; beyond it the restore fails
   * @param bytesPerSecond on average; 0 for as fast as the agent takes them
   * @param mark 8 random bytes, for the name of the folder beside
   * @param now for names that keep something apart
   */
  public record Settings(
      String folder,
      Placing placing,
      long mostBytes,
      long bytesPerSecond,
      long mark,
      Instant now) {}

  /**
   * What was done.
   *
   * @param place where it is now
   * @param aside where what was there before is now; empty where nothing was moved
   * @param sent bytes of the tar
   */
  public record Outcome(
      Copier.Outcome copied, String place, String aside, long sent, List<String> notes) {}

  public InPlace(GuestLink link, Remains remains, Settings settings) {
    this.agent = new AgentCommands(link);
    this.programs = new Programs(agent);
    this.remains = remains;
    this.leftovers = new Leftovers(programs, remains);
    this.settings = settings;
  }

  /**
   * Puts it there.
   *
   * @throws SendenseException ALREADY_EXISTS, NOT_FOUND, GUEST_UNSUPPORTED, LIMIT_REACHED,
   *     NO_SPACE; nothing was changed in the guest then, or the text says what was left
   */
  public Outcome restore(GuestName name, GuestFile file, Copier.Watch watch) {
    String wanted = text(name);
    check();
    notes.addAll(leftovers.clean());
    String folder = settings.folder().replaceFirst("/+$", "");
    String place = folder + "/" + wanted;
    boolean there = programs.exists(place);
    if (there && settings.placing() == Placing.NEW) {
      throw new SendenseException(
          ErrorCode.ALREADY_EXISTS,
          place + " is there in the guest",
          "Give --keep-both or --overwrite, or another folder with --to.");
    }
    String work = folder + "/.sendense-restore-" + HexFormat.of().toHexDigits(settings.mark());
    remains.add(work);
    Outcome outcome;
    try {
      programs.run(Programs.QUICK, "mkdir", "-m", "0700", "--", work);
      outcome = within(work, name, file, place, there, watch);
    } catch (SendenseException e) {
      removeAfter(work, e);
      throw e;
    }
    leftovers.remove(work);
    return outcome;
  }

  private Outcome within(
      String work,
      GuestName name,
      GuestFile file,
      String place,
      boolean there,
      Copier.Watch watch) {
    String archive = work + "/archive.tar";
    Losses losses = new Losses();
    AgentFile sink =
        new AgentFile(agent, archive, new AgentFile.Bounds(most(work), settings.bytesPerSecond()));
    Copier.Outcome copied;
    try (sink;
        TarSink tar = new TarSink(sink, losses)) {
      copied = new Copier(tar, watch, losses).copy(name, file);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.INTERNAL, "the tar could not be made: " + e.getMessage(), "", e);
    }
    String arrived = programs.run(Programs.WORK, "sha256sum", "--", archive).out();
    if (!arrived.strip().replace("\\", "").startsWith(sink.sha256())) {
      throw new SendenseException(
          ErrorCode.SOURCE_PROTOCOL,
          "what arrived in the guest is not what was sent",
          "Run it again; nothing was changed.");
    }
    String fresh = work + "/new";
    programs.run(Programs.QUICK, "mkdir", "-m", "0700", "--", fresh);
    AgentCommands.Ended unpacked =
        programs.run(
            Programs.WORK,
            "tar",
            "--extract",
            "--preserve-permissions",
            "--same-owner",
            "--numeric-owner",
            "--acls",
            "--xattrs",
            "--xattrs-include=*",
            "--file",
            archive,
            "--directory",
            fresh);
    if (!unpacked.err().isBlank()) {
      notes.add("tar in the guest says: " + unpacked.complaint());
    }
    programs.run(Programs.WORK, "sync", "-f", fresh);
    programs.run(
        Programs.WORK,
        "tar",
        "--compare",
        "--numeric-owner",
        "--file",
        archive,
        "--directory",
        fresh);
    return place(fresh + "/" + text(name), place, there, copied, sink.sent());
  }

  private Outcome place(
      String from, String place, boolean there, Copier.Outcome copied, long sent) {
    String stamp = STAMP.format(settings.now());
    String to = place;
    String aside = "";
    if (there && settings.placing() == Placing.KEEP_BOTH) {
      to = place + ".restored-" + stamp;
    }
    boolean folders = programs.isFolder(from) || (there && programs.isFolder(place));
    if (there && settings.placing() == Placing.OVERWRITE && !folders) {
      programs.run(Programs.QUICK, "mv", "-f", "-T", "--", from, place);
    } else {
      if (there && settings.placing() == Placing.OVERWRITE) {
        aside = place + ".replaced-" + stamp;
        remains.add(aside);
        programs.moveToNew(place, aside);
      }
      try {
        programs.moveToNew(from, to);
      } catch (SendenseException e) {
        if (!aside.isEmpty()) {
          leftovers.bringBack(aside, place);
        }
        throw e;
      }
      remains.remove(aside);
    }
    programs.run(Programs.WORK, "sync", "-f", settings.folder());
    return new Outcome(copied, to, aside, sent, List.copyOf(notes));
  }

  private void check() {
    List<String> refused = agent.refused();
    if (!refused.isEmpty()) {
      throw new SendenseException(
          ErrorCode.GUEST_UNSUPPORTED,
          "the guest's agent does not allow " + refused,
          "Allow them in the guest (/etc/sysconfig/qemu-ga, or block-rpcs in qemu-ga.conf), or use"
              + " files get and copy by hand.");
    }
    AgentCommands.Ended tar = agent.run(Programs.QUICK, "tar", "--version");
    if (tar.code() != 0 || !tar.out().contains("GNU tar")) {
      throw new SendenseException(
          ErrorCode.GUEST_UNSUPPORTED,
          "the guest has no GNU tar, which unpacks and compares there",
          "Install tar in the guest, or use files get and copy by hand.");
    }
    String kind =
        agent.run(Programs.QUICK, "stat", "-L", "-c", "%F", "--", settings.folder()).out();
    if (!settings.folder().startsWith("/") || !kind.strip().equals("directory")) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND,
          settings.folder() + " is no folder in the guest",
          "Name one that is there with --to, from the guest's root.");
    }
  }

  /** Half of what is free there, because what is sent is there twice for a while. */
  private long most(String folder) {
    String[] free =
        programs
            .run(Programs.QUICK, "stat", "-f", "-c", "%a %S", "--", folder)
            .out()
            .strip()
            .split(" ");
    try {
      long bytes = Math.multiplyExact(Long.parseLong(free[0]), Long.parseLong(free[1]));
      return Math.min(settings.mostBytes(), bytes / 2);
    } catch (ArithmeticException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new SendenseException(
          ErrorCode.SOURCE_PROTOCOL, "the guest does not say how much room it has", "", e);
    }
  }

  private void removeAfter(String work, SendenseException failure) {
    try {
      leftovers.remove(work);
    } catch (SendenseException e) {
      throw new SendenseException(
          failure.code(),
          failure.getMessage() + "; " + work + " was left in the guest: " + e.getMessage(),
          "The next restore into this guest removes it.",
          failure);
    }
  }

  private static String text(GuestName name) {
    if (!name.isText()) {
      throw new SendenseException(
          ErrorCode.GUEST_UNSUPPORTED,
          name + " is no text, and the agent takes names as text",
          "Restore the folder that it is in.");
    }
    return new String(name.bytes(), StandardCharsets.UTF_8);
  }
}
