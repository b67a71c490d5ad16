package io.sendense.simulation;

/** A job that a round may begin. */
enum Kind {
  BACK_UP(14),
  COPY(4),
  COLLECT(6),
  RESTORE(2),
  VERIFY(2),
  DELETE(2),
  RETAIN(2),
  HOLD(1),
  RELEASE(1),
  ROTATE(1),
  TIER(1),
  HEAL(1);

  final int weight;

  Kind(int weight) {
    this.weight = weight;
  }

  boolean deletes() {
    return this == DELETE || this == RETAIN;
  }

  boolean holds() {
    return this == HOLD || this == RELEASE;
  }

  static Kind draw(java.util.SplittableRandom random) {
    int all = java.util.Arrays.stream(values()).mapToInt(kind -> kind.weight).sum();
    int at = random.nextInt(all);
    for (Kind kind : values()) {
      at -= kind.weight;
      if (at < 0) {
        return kind;
      }
    }
    throw new IllegalStateException("weights");
  }
}
