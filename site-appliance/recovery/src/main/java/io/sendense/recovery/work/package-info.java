/**
 * Places to run programs that touch a guest's data: a bounded number of folders, each with a user
 * of its own, cleared of whatever a crash left in them before they are given out.
 *
 * <p>It knows processes and folders, and nothing of machines or databases.
 */
@NullMarked
package io.sendense.recovery.work;

import org.jspecify.annotations.NullMarked;
