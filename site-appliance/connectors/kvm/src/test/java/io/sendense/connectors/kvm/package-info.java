/** Tests of the QEMU source against real QEMU processes. */
@NullMarked
package io.sendense.connectors.kvm;

import org.jspecify.annotations.NullMarked;
