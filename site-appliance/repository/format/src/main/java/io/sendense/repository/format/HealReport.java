package io.sendense.repository.format;

import java.util.List;

/**
 * What healing did.
 *
 * @param packsDamaged recorded as damaged
 * @param chunks stored again
 * @param nodes of trees stored again
 * @param fromCopy how many of both came from the copy; the others were still readable
 * @param points whose damaged object was brought again from the copy
 * @param bytesStored length of all objects written
 * @param lost what could not be stored again, with the point, disk and range it affects
 */
public record HealReport(
    int packsDamaged,
    long chunks,
    long nodes,
    long fromCopy,
    List<PointId> points,
    long bytesStored,
    List<VerifyReport.Finding> lost) {
  public HealReport {
    points = List.copyOf(points);
    lost = List.copyOf(lost);
  }
}
