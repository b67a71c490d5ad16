@NullMarked
package io.sendense.connectors.libvirt;

import org.jspecify.annotations.NullMarked;
