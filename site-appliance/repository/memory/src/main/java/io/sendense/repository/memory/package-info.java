/**
 * An object store in memory, complete enough to pass the contract.
 *
 * <p>It keeps nothing after the process.
 */
@NullMarked
package io.sendense.repository.memory;

import org.jspecify.annotations.NullMarked;
