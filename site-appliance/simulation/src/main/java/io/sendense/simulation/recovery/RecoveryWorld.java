package io.sendense.simulation.recovery;

import io.sendense.simulation.kill.Program;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.libvirt.LibvirtServer;
import io.sendense.testkit.libvirt.RecordGuest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A libvirt with a machine that writes records, its points, and the machines made out of them. */
final class RecoveryWorld implements AutoCloseable {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final String SOURCE = "rec";
  private static final String COPY = "copy";

  private final Program program;
  private final LibvirtServer server;
  private final Hands hands;
  private final Path source;
  private final Path images;
  private final Path other;
  private final Path work;
  private RecordGuest guest;

  RecoveryWorld(Program program, LibvirtServer server) throws IOException {
    this.program = program;
    this.work = program.folder().resolve("work");
    this.server = server;
    this.hands = new Hands(program, server, work);
    this.source = Files.createDirectory(server.folder().resolve("source"));
    this.images = Files.createDirectory(server.folder().resolve("vm"));
    this.other = Files.createDirectory(server.folder().resolve("other"));
    Files.createDirectory(source.resolve("scratch"));
    RecordGuest.define(server, SOURCE, source);
    server.own(server.folder());
    server.virsh("start", SOURCE);
    this.guest = RecordGuest.listen(server, SOURCE);
    hands.succeed("repository", "init", repository());
    hands.succeed(backup());
  }

  private String repository() {
    return program.folder().resolve("repository").toString();
  }

  /**
   * Whether the victim was there when it was to be killed; everything is checked in either case.
   */
  boolean strike(Blow blow, long delayNanos) {
    return switch (blow.work()) {
      case BACKUP -> inBackup(blow, delayNanos);
      case START -> inStart(blow, delayNanos);
      case RUN -> whileItRuns(blow, delayNanos);
      case FINISH -> inFinish(blow, delayNanos, images);
      case FINISH_ELSEWHERE -> inFinish(blow, delayNanos, other);
      case PROVE -> inProof(blow, delayNanos);
    };
  }

  private boolean inBackup(Blow blow, long delay) {
    int before = guest.acknowledged();
    boolean hit = hands.kill(blow, delay, SOURCE, backup());
    if (blow.victim() == Blow.Victim.QEMU && hit) {
      guest.close();
      server.virsh("start", SOURCE);
      guest = RecordGuest.listen(server, SOURCE);
      Hands.same(guest.found() > before, "records of the source after its power cut");
    }
    Hands.same(
        hands.state(SOURCE).equals("running"),
        "the source runs after the kill, not " + hands.state(SOURCE));
    hands.succeed(backup());
    sourceIsClean();
    return hit;
  }

  private void sourceIsClean() {
    Hands.same(hands.state(SOURCE).equals("running"), "the source runs");
    Hands.same(server.virsh("domjobinfo", SOURCE).contains("None"), "no job is left on the source");
    Hands.same(
        server.virsh("checkpoint-list", SOURCE, "--name").strip().lines().count() == 1,
        "one checkpoint is on the source");
    Hands.same(files(source.resolve("scratch")).isEmpty(), "no scratch is left");
    int unused = guest.awaitMore(2);
  }

  private boolean inStart(Blow blow, long delay) {
    boolean hit = hands.kill(blow, delay, COPY, start());
    if (!hands.recoveries().contains("\"running\"")) {
      hands.succeed(start());
    } else if (blow.victim() == Blow.Victim.SERVER) {
      hands.succeed("instant", "resume", COPY);
    }
    try (RecordGuest copy = RecordGuest.listen(server, COPY)) {
      int unused = copy.awaitMore(2);
    }
    discard();
    return hit;
  }

  private boolean whileItRuns(Blow blow, long delay) {
    hands.succeed(start());
    RecordGuest copy = RecordGuest.listen(server, COPY);
    int before = copy.awaitMore(2);
    LockSupport.parkNanos(delay);
    boolean hit = hands.kill(blow.victim(), COPY, Optional.empty(), Optional.empty());
    copy = goOn(blow.victim(), copy, before);
    copy.close();
    discard();
    return hit;
  }

  private boolean inFinish(Blow blow, long delay, Path to) {
    hands.succeed(start());
    RecordGuest copy = RecordGuest.listen(server, COPY);
    int before = copy.awaitMore(2);
    List<String> finish = new ArrayList<>(List.of("instant", "finish", COPY));
    if (!to.equals(images)) {
      finish.addAll(List.of("--to", to.toString()));
    }
    boolean hit = hands.kill(blow, delay, COPY, finish.toArray(String[]::new));
    boolean cut = hit && blow.victim() == Blow.Victim.QEMU;
    if (hands.recoveries().contains(COPY)) {
      copy = goOn(blow.victim(), copy, before);
      ChildProcess.Result finished = program.run(LONG, finish.toArray(String[]::new));
      if (finished.exitCode() != 0 && cut) {
        // What notes the guest's writes is lost with QEMU; that is said and not passed over.
        Hands.same(finished.stderr().contains("--unproved"), finished.stderr());
        finish.add("--unproved");
        hands.succeed(finish.toArray(String[]::new));
      } else {
        Hands.same(finished.exitCode() == 0, finished.stderr());
      }
    } else if (cut) {
      server.virsh("start", COPY);
      copy.close();
      copy = RecordGuest.listen(server, COPY);
    }
    int unused = copy.awaitMore(2);
    copy.close();
    Hands.same(server.virsh("checkpoint-list", COPY, "--name").isBlank(), "no checkpoint is left");
    Hands.same(!server.virsh("dumpxml", COPY).contains("nbd"), "it needs the point no more");
    server.virsh("destroy", COPY);
    server.virsh("undefine", COPY);
    Hands.same(files(to).size() == 2, "two disks are in " + to + ": " + files(to));
    files(to).forEach(RecoveryWorld::delete);
    nothingIsLeft();
    return hit;
  }

  /** After the kill: as its operator would let it go on. */
  private RecordGuest goOn(Blow.Victim victim, RecordGuest copy, int before) {
    if (victim == Blow.Victim.SERVER || victim == Blow.Victim.QEMU) {
      hands.succeed("instant", "resume", COPY);
    }
    RecordGuest now = copy;
    if (victim == Blow.Victim.QEMU && hands.state(COPY).equals("shut off")) {
      copy.close();
      server.virsh("start", COPY);
      now = RecordGuest.listen(server, COPY);
      Hands.same(now.found() > before, "records of the machine after its power cut");
    }
    int unused = now.awaitMore(2);
    return now;
  }

  private boolean inProof(Blow blow, long delay) {
    boolean hit = hands.kill(blow, delay, "", prove());
    hands.awaitNoProofs();
    hands.succeed(prove());
    hands.awaitNoProofs();
    Hands.same(
        files(work).stream().noneMatch(Files::isDirectory),
        "no folder of a proof is left: " + files(work));
    return hit;
  }

  private void discard() {
    hands.succeed("instant", "discard", COPY);
    nothingIsLeft();
  }

  private void nothingIsLeft() {
    Hands.same(hands.recoveries().contains("[]"), "no recovery is left");
    Hands.same(files(images).isEmpty(), "no image or socket is left: " + files(images));
    Hands.same(files(other).isEmpty(), "no image is left elsewhere: " + files(other));
    Hands.same(
        server.virsh("list", "--all", "--name").strip().equals(SOURCE),
        "no machine is left: " + server.virsh("list", "--all", "--name"));
    Hands.same(!isMounted(), "no mount is left");
  }

  /** What only shows when everything is over. */
  void atTheEnd() {
    sourceIsClean();
    nothingIsLeft();
    hands.succeed("repository", "verify", repository());
    hands.succeed(
        "points", "delete", "--repository", repository(), "--point", "latest", "--vm", SOURCE);
  }

  private String[] backup() {
    return new String[] {
      "kvm",
      "backup",
      "--repository",
      repository(),
      "--uri",
      server.uri(),
      "--vm",
      SOURCE,
      "--scratch",
      source.resolve("scratch").toString()
    };
  }

  private String[] start() {
    return new String[] {
      "instant",
      "start",
      "--repository",
      repository(),
      "--uri",
      server.uri(),
      "--point",
      "latest",
      "--vm",
      SOURCE,
      "--name",
      COPY,
      "--to",
      images.toString()
    };
  }

  private String[] prove() {
    return new String[] {
      "prove",
      "--repository",
      repository(),
      "--vm",
      SOURCE,
      "--work",
      work.toString(),
      "--to",
      program.folder().resolve("proofs").toString(),
      "--check",
      "boot:text=ACK"
    };
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.toString().endsWith(".lock")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isMounted() {
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
      return mounts.anyMatch(
          line ->
              line.contains(server.folder().toString())
                  || line.contains(program.folder().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A serving process is in a session of its own and would outlive this. */
  @Override
  public void close() {
    guest.close();
    hands.endServing();
  }
}
