/**
 * Apache CloudStack 4.18 to 4.23 with KVM hosts: its inventory over the signed API, a source that
 * finds the host a machine runs on and captures it there, and a target that makes machines out of
 * images on primary storage or, where that is not reached, out of uploads.
 *
 * <p>It speaks only with the management server. How a KVM host is reached is given to it as {@link
 * io.sendense.connectors.cloudstack.KvmHosts}; how an image is written, as a {@code
 * TargetConnector}. Other hypervisors below CloudStack are not captured.
 */
@NullMarked
package io.sendense.connectors.cloudstack;

import org.jspecify.annotations.NullMarked;
