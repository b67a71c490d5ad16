/**
 * Who calls and what the caller may do: roles, the scope in a token, and accounts in Keycloak.
 *
 * <p>Sign-in itself is Keycloak's; no password is seen here but the generated first one.
 */
@NullMarked
package io.sendense.cloud.identity;

import org.jspecify.annotations.NullMarked;
