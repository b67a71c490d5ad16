/**
 * The contract suite that every object store passes.
 *
 * <p>It is also what the validate command runs against a customer's store.
 */
@NullMarked
package io.sendense.repository.testkit;

import org.jspecify.annotations.NullMarked;
