package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.nbd.ExportSource;
import io.sendense.nbd.NbdServer;
import io.sendense.nbd.NbdServerOptions;
import io.sendense.recovery.block.CachedSource;
import io.sendense.recovery.disk.GuestDisk;
import io.sendense.recovery.machine.Accelerator;
import io.sendense.recovery.machine.Console;
import io.sendense.recovery.machine.Shape;
import io.sendense.recovery.machine.ThrowAway;
import io.sendense.recovery.proof.ProofKey;
import io.sendense.recovery.proof.ProofRecord;
import io.sendense.recovery.proof.SignedProof;
import io.sendense.recovery.proof.Trend;
import io.sendense.recovery.prove.Check;
import io.sendense.recovery.prove.DiskFiles;
import io.sendense.recovery.prove.ProofRun;
import io.sendense.recovery.work.WorkPlace;
import io.sendense.recovery.work.WorkPlaces;
import io.sendense.repository.format.PointDisk;
import io.sendense.repository.format.PointReader;
import io.sendense.repository.format.PointStore;
import io.sendense.repository.format.RestorePoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** Proves one point: serves its disks, runs the checks, keeps and signs what came of them. */
public final class Proving {
  /** For all disks of a proof together: several run in a heap that is bounded. */
  private static final int CACHE_BYTES = 16 << 20;

  private static final int CACHE_BYTES_LEAST = 2 << 20;
  private static final int IN_FLIGHT = 16;
  private static final long IN_FLIGHT_BYTES = 4L << 20;
  private static final int READ_THREADS = 2;
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final InstantSource clock;
  private final SecureRandom random;
  private final WorkPlaces places;
  private final Duration wait;
  private final Path proofs;

  /**
   * @param places where the machines of all proofs of this host run
   * @param wait for such a place
   * @param proofs folder of all proofs, with the key that signs them
   */
  public Proving(
      InstantSource clock, SecureRandom random, WorkPlaces places, Duration wait, Path proofs) {
    this.clock = clock;
    this.random = random;
    this.places = places;
    this.wait = wait;
    this.proofs = proofs;
  }

  /**
   * What came of it.
   *
   * @param folder where the record and what belongs to it lie
   * @param trend of the former proofs
   */
  public record Proved(ProofRecord record, Path folder, String acceleration, Trend trend) {}

  /**
   * Runs on the calling platform thread, with which the machine would die. Several may run at once.
   *
   * @param began moment of {@link System#nanoTime} from which the recovery time counts
   * @throws SendenseException where nothing could be found out; LIMIT_REACHED without a place,
   *     CANCELLED where the watch says that it is over. A point that is not proved is a result
   */
  public Proved run(
      PointStore repository,
      RestorePoint point,
      Shape shape,
      List<Check> checks,
      long began,
      ProofRun.Watch watch) {
    Instant startedAt = clock.instant();
    ProofKey key = ProofKey.open(proofs, random);
    Path ofMachine = proofs.resolve(Disks.fileName(point.vm()));
    Trend trend = Trend.of(ofMachine, ProofKey.publicKey(ProofKey.publicFile(proofs)));
    try (PointReader reader = repository.read(point.id());
        WorkPlace place = places.take(wait, watch::over)) {
      boolean machine = checks.stream().anyMatch(check -> check.what().inside());
      Accelerator accelerator =
          machine ? Accelerator.choose(place, places.base()) : Accelerator.emulation("no machine");
      ProofRun run = new ProofRun(checks, disks(reader), facts(point), began, watch);
      ProofRun.Outcome outcome;
      try (NbdServer _ =
          NbdServer.start(
              bounded(ThrowAway.socket(place), point.disks().size()), exports(reader))) {
        outcome = run.run(place, shape, accelerator);
      }
      byte[] bytes = new byte[16];
      random.nextBytes(bytes);
      UUID id = UUID.nameUUIDFromBytes(bytes);
      Path folder = ofMachine.resolve(NAME.format(startedAt) + "-" + id.toString().substring(0, 8));
      SortedMap<String, String> artefacts = keep(folder, outcome);
      ProofRecord record = record(id, point, startedAt, shape, accelerator, outcome, artefacts);
      write(folder.resolve(Trend.FILE), SignedProof.sign(record, key));
      return new Proved(record, folder, accelerator.why(), trend);
    }
  }

  /** QEMU opens a connection per disk, and another while it looks at an image. */
  private static NbdServerOptions bounded(Path socket, int disks) {
    NbdServerOptions usual = NbdServerOptions.unix(socket);
    return new NbdServerOptions(
        usual.address(),
        Optional.empty(),
        2 * disks,
        IN_FLIGHT,
        IN_FLIGHT_BYTES,
        READ_THREADS,
        usual.handshakeDeadline());
  }

  private static List<GuestDisk> disks(PointReader reader) {
    List<GuestDisk> disks = new ArrayList<>();
    int cache =
        Math.max(CACHE_BYTES_LEAST, CACHE_BYTES / Math.max(1, reader.point().disks().size()));
    for (int i = 0; i < reader.point().disks().size(); i++) {
      disks.add(
          new GuestDisk("disk" + i, new CachedSource(new StoredDiskBlocks(reader.disk(i)), cache)));
    }
    return disks;
  }

  private static Map<String, ExportSource> exports(PointReader reader) {
    Map<String, ExportSource> exports = new HashMap<>();
    for (int i = 0; i < reader.point().disks().size(); i++) {
      exports.put(Integer.toString(i), new StoredDiskExport(reader.disk(i)));
    }
    return exports;
  }

  private static Map<String, String> facts(RestorePoint point) {
    return Map.of("SENDENSE_VM", point.vm(), "SENDENSE_POINT", point.id().toString());
  }

  private ProofRecord record(
      UUID id,
      RestorePoint point,
      Instant startedAt,
      Shape shape,
      Accelerator accelerator,
      ProofRun.Outcome outcome,
      SortedMap<String, String> artefacts) {
    return new ProofRecord(
        id,
        point.vm(),
        point.id().value(),
        point.takenAt(),
        startedAt,
        clock.instant(),
        accelerator.option().startsWith("kvm") ? "kvm" : "tcg",
        shape.processors(),
        shape.memoryBytes(),
        outcome.passed(),
        outcome.recovery(),
        outcome.results().stream()
            .map(
                made ->
                    new ProofRecord.Made(
                        made.check().spec(),
                        made.check().required(),
                        made.verdict().name(),
                        made.detail(),
                        made.after()))
            .toList(),
        recorded(point, outcome.disks()),
        artefacts);
  }

  private static List<ProofRecord.Disk> recorded(RestorePoint point, List<DiskFiles> found) {
    List<ProofRecord.Disk> all = new ArrayList<>();
    for (int i = 0; i < point.disks().size(); i++) {
      PointDisk disk = point.disks().get(i);
      String number = "disk" + i;
      // What lies on several disks is told with each of them.
      List<DiskFiles.VolumeFiles> volumes =
          found.stream()
              .filter(files -> files.disk().equals(number) || files.disk().contains(" "))
              .flatMap(files -> files.volumes().stream())
              .toList();
      all.add(new ProofRecord.Disk(disk.name(), disk.sizeBytes(), disk.root().toString(), volumes));
    }
    return all;
  }

  private static SortedMap<String, String> keep(Path folder, ProofRun.Outcome outcome) {
    SortedMap<String, String> sums = new TreeMap<>();
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
    Stream.of(
            Map.entry("console.log", outcome.console().map(Console::bytes)),
            Map.entry("screen.png", outcome.screen()))
        .forEach(
            entry -> {
              Optional<byte[]> bytes = entry.getValue();
              if (bytes.isPresent()) {
                write(folder.resolve(entry.getKey()), bytes.get());
                sums.put(entry.getKey(), sha256(bytes.get()));
              }
            });
    return sums;
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The record is written last, so that a folder with one is whole. */
  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static SendenseException unwritable(Path file, IOException e) {
    return new SendenseException(
        ErrorCode.NO_SPACE,
        "the proof cannot be kept in " + file + ": " + e.getMessage(),
        "Check the space and the rights there, or name another folder with --to.",
        e);
  }
}
