package io.sendense.cloud.web;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.impl.DSL;

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

  /**
   * Reads the page of a table whose identifiers rise with time, newest first.
   *
   * @param which the rows of the list
   */
  public static <R extends Record, T> Page<T> newestFirst(
      DSLContext dsl,
      Table<R> table,
      TableField<R, UUID> id,
      Condition which,
      PageRequest request,
      Function<R, T> view) {
    Condition older = request.afterId().map(after -> id.lt(after)).orElse(DSL.noCondition());
    List<R> rows =
        dsl.selectFrom(table)
            .where(which)
            .and(older)
            .orderBy(id.desc())
            .limit(request.limitAndOne())
            .fetch();
    return of(rows, request, view, row -> String.valueOf(row.get(id)));
  }
}
