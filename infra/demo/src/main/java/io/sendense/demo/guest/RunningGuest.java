package io.sendense.demo.guest;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The guest while it writes. Its acknowledgements are stored outside it as they arrive, in {@code
 * acks.log} of its folder. Thread-safe; closing kills it.
 */
public final class RunningGuest implements AutoCloseable {
  private static final int MEMORY_MEBIBYTES = 256;
  private static final Duration KILL_DEADLINE = Duration.ofSeconds(10);

  private final Path folder;
  private final GuestDisks disks;
  private final Process qemu;
  private final ServerSocketChannel serial;
  private final AckJournal journal;

  private RunningGuest(
      Path folder, GuestDisks disks, Process qemu, ServerSocketChannel serial, AckJournal journal) {
    this.folder = folder;
    this.disks = disks;
    this.qemu = qemu;
    this.serial = serial;
    this.journal = journal;
  }

  /**
   * Starts the guest and returns at once; {@link #awaitAcks} says when it writes.
   *
   * @param folder for its sockets and logs; its path at most 90 bytes long
   * @param name of the virtual machine
   * @param uuid of the virtual machine
   */
  public static RunningGuest start(
      GuestImage image,
      Accelerator accelerator,
      GuestDisks disks,
      Path folder,
      String name,
      String uuid,
      InstantSource clock) {
    try {
      Path home = Files.createDirectories(folder.toAbsolutePath());
      Path serialSocket = home.resolve("acks.sock");
      Files.deleteIfExists(serialSocket);
      Files.deleteIfExists(qmp(home));
      ServerSocketChannel serial = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      serial.bind(UnixDomainSocketAddress.of(serialSocket));
      List<String> command = new ArrayList<>(accelerator.machine(image, "write", MEMORY_MEBIBYTES));
      command.addAll(
          List.of(
              "-name",
              name,
              "-uuid",
              uuid,
              "-qmp",
              "unix:" + qmp(home) + ",server=on,wait=off",
              "-serial",
              "file:" + home.resolve("console.log"),
              "-chardev",
              "socket,id=acks,path=" + serialSocket,
              "-serial",
              "chardev:acks"));
      command.addAll(disk("data", disks.data()));
      command.addAll(disk("log", disks.log()));
      Process qemu =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(home.resolve("qemu.log").toFile())
              .start();
      AckJournal journal = new AckJournal(home.resolve("acks.log"));
      RunningGuest guest = new RunningGuest(home, disks, qemu, serial, journal);
      Thread.ofPlatform().daemon().name("guest-watch").start(guest::watch);
      Thread.ofPlatform().daemon().name("guest-acks").start(() -> guest.collect(clock));
      return guest;
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.MISSING_TOOL,
          "the guest could not be started in " + folder + ": " + e.getMessage(),
          "Install qemu-system-x86.",
          e);
    }
  }

  static List<String> disk(String name, GuestDisks.Disk disk) {
    return List.of(
        "-blockdev",
        "driver=file,node-name=" + name + "-file,filename=" + disk.file() + ",discard=unmap",
        "-blockdev",
        "driver="
            + disk.format()
            + ",node-name="
            + name
            + "-disk,file="
            + name
            + "-file,discard=unmap",
        "-device",
        "virtio-blk-pci,id=" + name + ",drive=" + name + "-disk,serial=" + name);
  }

  /** The socket that a backup of it is given. */
  public Path qmpSocket() {
    return qmp(folder);
  }

  public GuestDisks disks() {
    return disks;
  }

  public boolean isAlive() {
    return qemu.isAlive();
  }

  public long pid() {
    return qemu.pid();
  }

  /** All acknowledgements so far, in the order of their arrival. */
  public List<Ack> acks() {
    return journal.all();
  }

  public Optional<Ack> lastAck() {
    return journal.last();
  }

  /**
   * Returns when {@code count} records in all were acknowledged.
   *
   * @throws SendenseException DEADLINE_EXCEEDED, or SOURCE_UNREADABLE where the guest ended first
   */
  public void awaitAcks(int count, Duration deadline) {
    journal.await(count, deadline);
  }

  /** Kills QEMU as a power cut would, and returns when it is gone. */
  public void kill() {
    qemu.destroyForcibly();
    try {
      if (!qemu.waitFor(KILL_DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        throw new SendenseException(
            ErrorCode.DEADLINE_EXCEEDED, "QEMU " + qemu.pid() + " does not die", "");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Overwrites nothing, deletes both images: what the restore must bring back. */
  public void destroyDisks() {
    if (qemu.isAlive()) {
      throw new SendenseException(
          ErrorCode.CONFLICT, "the guest still runs on its disks", "Kill it first.");
    }
    try {
      Files.delete(disks.data().file());
      Files.delete(disks.log().file());
    } catch (IOException e) {
      throw new UncheckedIOException("the guest's disks could not be destroyed", e);
    }
  }

  /** The last lines of its console and of QEMU's own messages, for error texts. */
  public String console() {
    return tail(folder.resolve("console.log")) + tail(folder.resolve("qemu.log"));
  }

  @Override
  public void close() {
    kill();
    try {
      serial.close();
      journal.close();
      Files.deleteIfExists(folder.resolve("acks.sock"));
    } catch (IOException e) {
      throw new UncheckedIOException("closing the guest failed", e);
    }
  }

  private void collect(InstantSource clock) {
    try (SocketChannel line = serial.accept();
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(Channels.newInputStream(line), StandardCharsets.US_ASCII))) {
      // The guest is ours and its lines are short, so no bound beyond the reader's is set.
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        Optional<Ack> ack = Ack.parse(text, clock.instant());
        if (ack.isPresent()) {
          journal.add(ack.get());
        } else if (text.startsWith("WRITE-ERROR")) {
          ended(text);
        }
      }
      ended("its serial line closed");
    } catch (IOException e) {
      ended("its serial line broke: " + e.getMessage());
    }
  }

  /** A QEMU that dies before it opened its serial line would otherwise be waited for in vain. */
  private void watch() {
    try {
      ended("QEMU exited with " + qemu.waitFor());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ended(String why) {
    journal.fail(why + "; console: " + console());
  }

  private static Path qmp(Path folder) {
    return folder.resolve("qmp.sock");
  }

  static String tail(Path file) {
    try {
      String text = Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
      return text.substring(Math.max(0, text.length() - 2000));
    } catch (IOException e) {
      return "(" + file + ": " + e.getMessage() + ")";
    }
  }
}
