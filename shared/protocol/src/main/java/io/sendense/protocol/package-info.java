/**
 * Messages between the control plane and appliances, one version per change of meaning.
 *
 * <p>It is not a transport: nothing here opens a connection.
 */
@NullMarked
package io.sendense.protocol;

import org.jspecify.annotations.NullMarked;
