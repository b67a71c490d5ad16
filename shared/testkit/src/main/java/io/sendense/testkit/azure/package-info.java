/**
 * Azure's Blob service for tests: Microsoft's emulator as a child process, and a simulator over the
 * wire for the locks and holds that the emulator does not have. Neither is part of the product.
 */
@NullMarked
package io.sendense.testkit.azure;

import org.jspecify.annotations.NullMarked;
