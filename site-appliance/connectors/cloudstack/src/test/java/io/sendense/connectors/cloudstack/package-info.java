@NullMarked
package io.sendense.connectors.cloudstack;

import org.jspecify.annotations.NullMarked;
