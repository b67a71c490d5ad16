package io.sendense.appliance.daemon;

import io.sendense.domain.VmId;
import io.sendense.protocol.Point;
import io.sendense.protocol.PointGone;
import io.sendense.protocol.VmDisk;
import io.sendense.repository.format.PointCatalogue;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.format.VerifyReport;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which points this appliance holds, for usage and for the cloud: both are noted together or not at
 * all. Told is what is new, each once. Any thread.
 */
final class HeldPoints {
  private static final int TEXT_MAX = 1_900;

  private final DaemonDatabase database;
  private final Inventory inventory;
  private final Outbox outbox;
  private final Usage usage;
  private final InstantSource clock;

  HeldPoints(
      DaemonDatabase database,
      Inventory inventory,
      Outbox outbox,
      Usage usage,
      InstantSource clock) {
    this.database = database;
    this.inventory = inventory;
    this.outbox = outbox;
    this.usage = usage;
    this.clock = clock;
  }

  /**
   * A point was made.
   *
   * @param moved bytes read to make it
   */
  void made(RestorePoint made, VmId vm, String repository, long moved) {
    Point point = point(made, vm, repository);
    database.inTransaction(
        () -> {
          usage.pointMade(point.id(), repository, vm, point.bytesStored(), moved);
          outbox.add(point);
        });
  }

  /** A policy of this appliance let a point go. */
  void letGo(PointId point, VmId vm, String repository, String why) {
    gone(point.toString(), vm, repository, PointGone.Reason.RETENTION, Optional.of(why));
  }

  /**
   * Compares what the repository holds of the configured machines with what is noted: points that
   * were found are told, and so are those that are gone.
   */
  void look(OpenRepositories.Open open) {
    // Noted before listed: what is made meanwhile is listed at most, and what was noted and is let
    // go meanwhile is not found again.
    List<Usage.HeldPoint> noted = usage.heldIn(open.name());
    Set<String> known = noted.stream().map(Usage.HeldPoint::id).collect(Collectors.toSet());
    PointCatalogue catalogue = open.repository().catalogue();
    Set<String> damaged = damaged(catalogue);
    Set<String> there = new HashSet<>();
    for (RestorePoint found : catalogue.points()) {
      there.add(found.id().toString());
      if (!known.contains(found.id().toString()) && inventory.isConfigured(found.vm())) {
        found(found, inventory.id(found.vm()), open.name());
      }
    }
    for (Usage.HeldPoint each : noted) {
      if (damaged.contains(each.id())) {
        gone(
            each.id(),
            each.vm(),
            open.name(),
            PointGone.Reason.DAMAGED,
            Optional.of("the point itself cannot be read"));
      } else if (!there.contains(each.id())) {
        gone(
            each.id(),
            each.vm(),
            open.name(),
            PointGone.Reason.DELETED,
            Optional.of("it is not in the repository any more"));
      }
    }
  }

  /**
   * What a verification says of the points: those that need something missing or damaged cannot be
   * restored whole, and those that the same part said so of before and says no more can.
   *
   * @param part whose data was read, such as {@code 3/30}
   */
  void examined(OpenRepositories.Open open, String part, VerifyReport report) {
    Map<String, String> faults =
        report.findings().stream()
            .filter(finding -> finding.kind() != VerifyReport.Kind.UNLOCKED)
            .filter(finding -> finding.point().isPresent())
            .collect(
                Collectors.toMap(
                    finding -> finding.point().orElseThrow().toString(),
                    finding -> finding.object() + ": " + finding.detail(),
                    (first, second) -> first));
    for (Usage.HeldPoint each : usage.heldIn(open.name())) {
      String fault = faults.get(each.id());
      if (fault != null) {
        database.inTransaction(
            () -> {
              database.set(damageKey(open.name(), each.id()), part);
              gone(
                  each.id(),
                  each.vm(),
                  open.name(),
                  PointGone.Reason.DAMAGED,
                  Optional.of(fault.length() > TEXT_MAX ? fault.substring(0, TEXT_MAX) : fault));
            });
      }
    }
    for (RestorePoint point : open.repository().catalogue().points()) {
      String key = damageKey(open.name(), point.id().toString());
      if (!faults.containsKey(point.id().toString())
          && database.setting(key).filter(part::equals).isPresent()) {
        database.unset(key); // mended: the next look finds it
      }
    }
  }

  /** Whether a point counts as damaged since a verification said so. */
  private boolean isDamaged(String repository, String point) {
    return database.setting(damageKey(repository, point)).isPresent();
  }

  private static String damageKey(String repository, String point) {
    return "damaged " + repository + " " + point;
  }

  private void found(RestorePoint found, VmId vm, String repository) {
    if (isDamaged(repository, found.id().toString())) {
      return;
    }
    Point point = point(found, vm, repository);
    database.inTransaction(
        () -> {
          if (usage.held(point.id(), repository, vm, point.bytesStored())) {
            outbox.add(point);
          }
        });
  }

  private void gone(
      String point, VmId vm, String repository, PointGone.Reason reason, Optional<String> detail) {
    database.inTransaction(
        () -> {
          if (usage.pointGone(point, repository)) {
            outbox.add(new PointGone(point, vm, repository, clock.instant(), reason, detail));
          }
        });
  }

  /** Ids of the points whose own objects cannot be read. */
  private static Set<String> damaged(PointCatalogue catalogue) {
    return catalogue.damaged().stream()
        .map(finding -> finding.object().substring(finding.object().lastIndexOf('/') + 1))
        .collect(Collectors.toSet());
  }

  private static Point point(RestorePoint point, VmId vm, String repository) {
    Map<String, String> notes = point.annotations();
    List<VmDisk> disks =
        point.disks().stream().map(disk -> new VmDisk(disk.name(), disk.sizeBytes())).toList();
    String mode = notes.getOrDefault("mode", "");
    return new Point(
        point.id().toString(),
        vm,
        repository,
        point.takenAt(),
        point.createdAt(),
        disks,
        number(notes.get("bytesRead")),
        number(notes.get("bytesChanged")),
        point.statistics().bytesStored(),
        mode.isEmpty() ? "full" : mode,
        Optional.ofNullable(notes.get("reason"))
            .filter(reason -> !reason.isBlank())
            .filter(reason -> mode.equals("compare") || fullAgain(point, mode))
            .map(text -> text.length() > 1900 ? text.substring(0, 1900) : text),
        true,
        Optional.of(root(point)));
  }

  /** A full point that is not the first has a reason that somebody should read. */
  private static boolean fullAgain(RestorePoint point, String mode) {
    return mode.equals("full") && point.parent().isPresent();
  }

  /** SHA-256 over the disks' own roots in order, so that one text stands for all of them. */
  private static String root(RestorePoint point) {
    StringBuilder roots = new StringBuilder();
    point.disks().forEach(disk -> roots.append(disk.root().hex()).append('\n'));
    return HexFormat.of().formatHex(sha256(roots.toString()));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static long number(@Nullable String text) {
    return text == null || !text.matches("[0-9]{1,18}") ? 0 : Long.parseLong(text);
  }
}
