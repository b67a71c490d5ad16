/**
 * What all controllers share: errors as problem+json, findings of a validation, pages, idempotency
 * keys, live changes, and the portal's files.
 *
 * <p>No rule of the product is in here.
 */
@NullMarked
package io.sendense.cloud.web;

import org.jspecify.annotations.NullMarked;
