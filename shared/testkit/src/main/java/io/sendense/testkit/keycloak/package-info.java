/**
 * A real Keycloak as a child process, with the product's realm, for tests and the demo.
 *
 * <p>It listens on loopback without TLS and keeps its accounts in a file, so it is not for
 * production.
 */
@NullMarked
package io.sendense.testkit.keycloak;

import org.jspecify.annotations.NullMarked;
