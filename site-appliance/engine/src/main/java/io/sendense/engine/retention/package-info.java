/**
 * Which restore points a policy keeps, and why. Pure: it sees dates, never a store; what deletes is
 * the repository.
 */
@NullMarked
package io.sendense.engine.retention;

import org.jspecify.annotations.NullMarked;
