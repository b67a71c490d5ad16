package io.sendense.bench;

import java.util.List;

/**
 * A row of the table: the same work done by us and by others.
 *
 * @param id what {@code --only} names
 * @param bytes moved by one run, for rates
 * @param contenders we come first
 */
record Row(String id, String title, long bytes, List<Bar> bars, List<Contender> contenders) {}
