package io.sendense.connectors.libvirt;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sendense.connectors.spi.Machine;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One machine of a libvirt daemon; the numbers are those of libvirt-domain.h. */
final class Domain {
  /** What libvirt begins with: the agent is waited for without end. */
  static final int AGENT_WAITS = -2;

  private static final int UUID_CHARACTERS = 37;
  private static final int XML_INACTIVE = 1 << 1;
  private static final int CHECKPOINTS_TOPOLOGICAL = 1 << 1;
  private static final int CHECKPOINT_METADATA_ONLY = 1 << 1;
  private static final int CHECKPOINT_REDEFINE_AND_VALIDATE = 1 | 1 << 2;
  private static final int UNDEFINE_NVRAM_AND_CHECKPOINTS = 1 << 2 | 1 << 4;
  // int type, padding, and eleven unsigned long long.
  private static final int JOB_INFO_BYTES = 8 + 11 * 8;
  private static final int BLOCK_INFO_BYTES = 3 * 8;

  private final Libvirt libvirt;
  private final MemorySegment pointer;

  Domain(Libvirt libvirt, MemorySegment pointer) {
    this.libvirt = libvirt;
    this.pointer = pointer;
  }

  /** For calls that only one caller needs; they run on the connection's thread. */
  <T> T call(String what, java.util.function.Function<MemorySegment, Libvirt.Call<T>> call) {
    return libvirt.call(what, call.apply(pointer));
  }

  Libvirt libvirt() {
    return libvirt;
  }

  String name() {
    return libvirt.call(
        "naming a machine", lib -> Library.text(lib.callPointer("virDomainGetName", pointer)));
  }

  String uuid() {
    return libvirt.call(
        "naming a machine",
        lib -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(UUID_CHARACTERS);
            Libvirt.number(lib, "virDomainGetUUIDString", pointer, text);
            return text.getString(0);
          }
        });
  }

  /** As it runs, or as it is defined where it does not. */
  String xml() {
    return text("describing a machine", "virDomainGetXMLDesc", 0);
  }

  /** As it would be started next time. */
  String definedXml() {
    return text("describing a machine", "virDomainGetXMLDesc", XML_INACTIVE);
  }

  Machine.Power power() {
    int state =
        libvirt.call(
            "looking at a machine",
            lib -> {
              try (Arena arena = Arena.ofConfined()) {
                MemorySegment value = arena.allocate(JAVA_INT);
                Libvirt.number(lib, "virDomainGetState", pointer, value, MemorySegment.NULL, 0);
                return value.get(JAVA_INT, 0);
              }
            });
    return switch (state) {
      case 1, 2, 4 -> Machine.Power.RUNNING;
      case 3, 7 -> Machine.Power.PAUSED;
      case 5, 6 -> Machine.Power.OFF;
      default -> Machine.Power.UNKNOWN;
    };
  }

  /** Whether there is a QEMU process, running or paused. */
  boolean isActive() {
    return number("looking at a machine", "virDomainIsActive") == 1;
  }

  boolean isPersistent() {
    return number("looking at a machine", "virDomainIsPersistent") == 1;
  }

  /** Size of a disk as the guest sees it. */
  long capacity(String target) {
    return libvirt.call(
        "measuring disk " + target,
        lib -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(BLOCK_INFO_BYTES, 8);
            Libvirt.number(
                lib, "virDomainGetBlockInfo", pointer, arena.allocateFrom(target), info, 0);
            return info.get(JAVA_LONG, 0);
          }
        });
  }

  void backupBegin(String backupXml, Optional<String> checkpointXml) {
    libvirt.call(
        "beginning a backup",
        lib -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment checkpoint =
                checkpointXml.map(arena::allocateFrom).orElse(MemorySegment.NULL);
            return Libvirt.number(
                lib, "virDomainBackupBegin", pointer, arena.allocateFrom(backupXml), checkpoint, 0);
          }
        });
  }

  /** The backup job that runs on it, whoever began it. */
  Optional<String> backupXml() {
    return Libvirt.ifThere(() -> text("looking for a backup job", "virDomainBackupGetXMLDesc", 0));
  }

  /** Whether a job of any kind holds the machine: a backup, a migration, a save. */
  boolean hasJob() {
    return libvirt.call(
        "looking for jobs",
        lib -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(JOB_INFO_BYTES, 8);
            Libvirt.number(lib, "virDomainGetJobInfo", pointer, info);
            int type = info.get(JAVA_INT, 0);
            return type == 1 || type == 2;
          }
        });
  }

  /**
   * Whether a backup job is on its way out: a libvirt that was killed during one and started again
   * knows for a while that there is a job, and nothing of it.
   */
  boolean isEndingJob() {
    try {
      boolean unused = hasJob();
      return false;
    } catch (SendenseException e) {
      if (String.valueOf(e.getMessage()).contains("backup job data missing")) {
        return true;
      }
      throw e;
    }
  }

  void abortJob() {
    number("ending a backup job", "virDomainAbortJob");
  }

  /** Names of all checkpoints, parents before their children. */
  List<String> checkpoints() {
    return libvirt.call(
        "listing checkpoints",
        lib -> {
          List<String> names = new ArrayList<>();
          for (MemorySegment one :
              Libvirt.list(lib, "virDomainListAllCheckpoints", pointer, CHECKPOINTS_TOPOLOGICAL)) {
            names.add(Library.text(lib.callPointer("virDomainCheckpointGetName", one)));
            lib.callInt("virDomainCheckpointFree", one);
          }
          return names;
        });
  }

  /** Begins to note what is written. */
  void createCheckpoint(String xml) {
    libvirt.call(
        "making a checkpoint",
        lib -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment made =
                Libvirt.pointer(
                    lib, "virDomainCheckpointCreateXML", pointer, arena.allocateFrom(xml), 0);
            return lib.callInt("virDomainCheckpointFree", made);
          }
        });
  }

  /** Tells libvirt of a checkpoint whose bitmaps are in the images already; it looks for them. */
  void redefineCheckpoint(String xml) {
    libvirt.call(
        "adopting a checkpoint",
        lib -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment made =
                Libvirt.pointer(
                    lib,
                    "virDomainCheckpointCreateXML",
                    pointer,
                    arena.allocateFrom(xml),
                    CHECKPOINT_REDEFINE_AND_VALIDATE);
            return lib.callInt("virDomainCheckpointFree", made);
          }
        });
  }

  /**
   * Deletes a checkpoint; what it recorded goes to its parent. One that is not there is no error.
   *
   * @param metadataOnly leaves the bitmaps in the images
   */
  void deleteCheckpoint(String name, boolean metadataOnly) {
    Libvirt.ifThere(
        () ->
            libvirt.call(
                "deleting checkpoint " + name,
                lib -> {
                  try (Arena arena = Arena.ofConfined()) {
                    MemorySegment checkpoint =
                        Libvirt.pointer(
                            lib,
                            "virDomainCheckpointLookupByName",
                            pointer,
                            arena.allocateFrom(name),
                            0);
                    try {
                      return Libvirt.number(
                          lib,
                          "virDomainCheckpointDelete",
                          checkpoint,
                          metadataOnly ? CHECKPOINT_METADATA_ONLY : 0);
                    } finally {
                      lib.callInt("virDomainCheckpointFree", checkpoint);
                    }
                  }
                }));
  }

  /**
   * For each answer of the guest's agent; of this machine, whoever asks.
   *
   * @param seconds or {@link #AGENT_WAITS}
   */
  void agentTimeout(int seconds) {
    libvirt.call(
        "setting the time limit of the guest's agent",
        lib -> Libvirt.number(lib, "virDomainAgentSetResponseTimeout", pointer, seconds, 0));
  }

  /** Asks the guest's agent for something that changes nothing. */
  void askAgent() {
    libvirt.call(
        "asking the guest's agent",
        lib -> {
          try (Arena arena = Arena.ofConfined()) {
            return Libvirt.number(
                lib,
                "virDomainGetTime",
                pointer,
                arena.allocate(JAVA_LONG),
                arena.allocate(JAVA_INT),
                0);
          }
        });
  }

  /** Freezes all mounted file systems through the guest's agent, and says how many. */
  int freeze() {
    return libvirt.call(
        "freezing file systems",
        lib -> Libvirt.number(lib, "virDomainFSFreeze", pointer, MemorySegment.NULL, 0, 0));
  }

  /** Says how many. */
  int thaw() {
    return libvirt.call(
        "thawing file systems",
        lib -> Libvirt.number(lib, "virDomainFSThaw", pointer, MemorySegment.NULL, 0, 0));
  }

  void start() {
    number("starting the machine", "virDomainCreate");
  }

  /** As pulling the plug. */
  void destroy() {
    number("stopping the machine", "virDomainDestroy");
  }

  /** Makes libvirt forget it, with its firmware's variables and its checkpoints' metadata. */
  void undefine() {
    libvirt.call(
        "removing the machine",
        lib ->
            Libvirt.number(lib, "virDomainUndefineFlags", pointer, UNDEFINE_NVRAM_AND_CHECKPOINTS));
  }

  private int number(String what, String function) {
    return libvirt.call(what, lib -> Libvirt.number(lib, function, pointer));
  }

  private String text(String what, String function, int flags) {
    return libvirt.call(
        what,
        lib -> {
          String text = lib.take(Libvirt.pointer(lib, function, pointer, flags));
          if (text.length() > DomainXml.MAX_CHARACTERS) {
            throw new SendenseException(
                ErrorCode.SOURCE_PROTOCOL,
                "libvirt described a machine in " + text.length() + " characters",
                "Look at the machine's definition.");
          }
          return text;
        });
  }

  void free() {
    libvirt.call("freeing a machine", lib -> lib.callInt("virDomainFree", pointer));
  }
}
