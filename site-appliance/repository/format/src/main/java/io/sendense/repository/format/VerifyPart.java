package io.sendense.repository.format;

/**
 * One of several parts of a repository's packs, so that the data can be read over several runs. A
 * pack always falls into the same part of so many.
 *
 * @param number from 1
 * @param of how many parts there are, 1 to 10,000
 */
public record VerifyPart(int number, int of) {
  public VerifyPart {
    if (of < 1 || of > 10_000 || number < 1 || number > of) {
      throw new IllegalArgumentException("part " + number + " of " + of);
    }
  }

  boolean has(PackId pack) {
    // Writers are random and sequences small: together they spread one writer's packs evenly.
    long mixed = (pack.writer().getLeastSignificantBits() + pack.sequence()) & Long.MAX_VALUE;
    return mixed % of == number - 1;
  }
}
