package io.sendense.cloud.work;

import java.util.function.Consumer;

/**
 * Work that {@link WorkQueue#add} asks for, with the data given there. It is done at least once:
 * again after a failure, after 5 seconds at first and after at most an hour, and again by another
 * replica when the one that had it is gone. So what it does must bear repetition.
 *
 * @param name unique over the control plane and its versions
 */
public record OneTime(String name, Consumer<String> work) {}
