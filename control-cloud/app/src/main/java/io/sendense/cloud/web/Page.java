package io.sendense.cloud.web;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One page of a list. No next cursor means that this page is the last. */
public record Page<T>(List<T> items, Optional<String> nextCursor) {
  public Page {
    items = List.copyOf(items);
  }

  /**
   * Makes a page of rows that were read with {@link PageRequest#limitAndOne}.
   *
   * @param cursor the cursor that leads past a row
   */
  public static <R, T> Page<T> of(
      List<R> rows, PageRequest request, Function<R, T> view, Function<R, String> cursor) {
    boolean more = rows.size() > request.limit();
    List<R> shown = more ? rows.subList(0, request.limit()) : rows;
    return new Page<>(
        shown.stream().map(view).toList(),
        more ? Optional.of(cursor.apply(shown.getLast())) : Optional.empty());
  }
}
