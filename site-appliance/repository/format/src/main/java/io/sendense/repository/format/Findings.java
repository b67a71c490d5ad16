package io.sendense.repository.format;

import io.sendense.domain.BlockRange;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gathers what a verification finds; ranges of one disk that touch become one. Thread-safe. */
final class Findings {
  private static final int MAX = 10_000;

  private record Key(
      VerifyReport.Kind kind, String object, Optional<PointId> point, Optional<String> disk) {}

  private final Map<Key, List<VerifyReport.Finding>> found = new LinkedHashMap<>();
  private int count;

  synchronized void object(VerifyReport.Kind kind, ObjectName object, String detail) {
    add(
        new VerifyReport.Finding(
            kind, object.value(), Optional.empty(), Optional.empty(), Optional.empty(), detail));
  }

  synchronized void add(VerifyReport.Finding finding) {
    List<VerifyReport.Finding> same =
        found.computeIfAbsent(
            new Key(finding.kind(), finding.object(), finding.point(), finding.disk()),
            key -> new ArrayList<>());
    if (!same.isEmpty()) {
      VerifyReport.Finding last = same.getLast();
      if (last.range().isEmpty() || finding.range().isEmpty()) {
        return;
      }
      BlockRange before = last.range().get();
      BlockRange now = finding.range().get();
      if (before.end() == now.offset()) {
        same.removeLast();
        BlockRange both = new BlockRange(before.offset(), before.length() + now.length());
        same.add(
            new VerifyReport.Finding(
                last.kind(),
                last.object(),
                last.point(),
                last.disk(),
                Optional.of(both),
                last.detail()));
        return;
      }
    }
    // Beyond this many the list helps nobody, and the first ones name the objects already.
    if (count < MAX || same.isEmpty()) {
      same.add(finding);
      count++;
    }
  }

  /** All findings; an object's own finding is left out where one names what it affects. */
  synchronized List<VerifyReport.Finding> list() {
    List<VerifyReport.Finding> all = found.values().stream().flatMap(List::stream).toList();
    Set<String> explained =
        Set.copyOf(
            all.stream()
                .filter(f -> f.point().isPresent())
                .map(VerifyReport.Finding::object)
                .distinct()
                .toList());
    return all.stream()
        .filter(f -> f.point().isPresent() || !explained.contains(f.object()))
        .toList();
  }

  static VerifyReport.Finding damagedObject(
      ObjectName object, Optional<PointId> point, SendenseException why) {
    return new VerifyReport.Finding(
        kind(why),
        object.value(),
        point,
        Optional.empty(),
        Optional.empty(),
        String.valueOf(why.getMessage()));
  }

  static VerifyReport.Kind kind(SendenseException why) {
    return StoreFailure.isMissing(why) ? VerifyReport.Kind.MISSING : VerifyReport.Kind.DAMAGED;
  }

  static long bytes(List<StoredObject> objects) {
    return objects.stream().mapToLong(StoredObject::lengthBytes).sum();
  }
}
