/**
 * A real PostgreSQL as a child process, with durable settings and password sign-in, for tests, the
 * demo and the build's code generation.
 *
 * <p>It is not a database for production: there, an external one is configured instead.
 */
@NullMarked
package io.sendense.testkit.postgres;

import org.jspecify.annotations.NullMarked;
